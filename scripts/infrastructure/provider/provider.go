package main

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What OpenTofu never asks such a provider for (ephemeral resources, functions, imports) is left to the embedded nil.
type provider struct {
	tfprotov6.ProviderServer
	response *tfprotov6.GetProviderSchemaResponse
}

func (of *provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	made := &tfprotov6.GetMetadataResponse{}
	for name := range of.response.ResourceSchemas {
		made.Resources = append(made.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range of.response.DataSourceSchemas {
		made.DataSources = append(made.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return made, nil
}

func (of *provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return of.response, nil
}

func (of *provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (of *provider) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{}, nil
}

func (of *provider) ValidateProviderConfig(_ context.Context, asked *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (of *provider) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (of *provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (of *provider) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (of *provider) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (of *provider) UpgradeResourceState(_ context.Context, asked *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	value, err := asked.RawState.Unmarshal(of.response.ResourceSchemas[asked.TypeName].ValueType())
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(value.Type(), value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (of *provider) ReadResource(_ context.Context, asked *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: asked.CurrentState, Private: asked.Private}, nil
}

func (of *provider) PlanResourceChange(_ context.Context, asked *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	unknown := func(type_ tftypes.Type, _ string) tftypes.Value { return tftypes.NewValue(type_, tftypes.UnknownValue) }
	planned, err := fill(of.response.ResourceSchemas[asked.TypeName], asked.ProposedNewState, unknown)
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned, PlannedPrivate: asked.PriorPrivate}, err
}

func (of *provider) ApplyResourceChange(_ context.Context, asked *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	state, err := fill(of.response.ResourceSchemas[asked.TypeName], asked.PlannedState, invented)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state, Private: asked.PlannedPrivate}, err
}

func (of *provider) ReadDataSource(_ context.Context, asked *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	state, err := fill(of.response.DataSourceSchemas[asked.TypeName], asked.Config, invented)
	return &tfprotov6.ReadDataSourceResponse{State: state}, err
}

// fill replaces what a provider computes: values that are unknown, or that the configuration leaves out.
func fill(schema *tfprotov6.Schema, given *tfprotov6.DynamicValue, with func(tftypes.Type, string) tftypes.Value) (*tfprotov6.DynamicValue, error) {
	value, err := given.Unmarshal(schema.ValueType())
	if err != nil || value.IsNull() { // null: it is destroyed
		return given, err
	}
	value, err = tftypes.Transform(value, func(path *tftypes.AttributePath, found tftypes.Value) (tftypes.Value, error) {
		name, computed := lookup(schema.Block, path)
		if !found.IsKnown() || (computed && found.IsNull()) {
			return with(found.Type(), name), nil
		}
		return found, nil
	})
	if err != nil {
		return nil, err
	}
	made, err := tfprotov6.NewDynamicValue(schema.ValueType(), value)
	return &made, err
}

// lookup returns the name at the end of a path, and whether a provider computes its value.
func lookup(of *tfprotov6.SchemaBlock, path *tftypes.AttributePath) (string, bool) {
	name, computed := "", false
	for _, step := range path.Steps() {
		attribute, isName := step.(tftypes.AttributeName)
		if !isName {
			computed = false
			continue
		}
		name, computed = string(attribute), false
		if of == nil {
			continue
		}
		var inner *tfprotov6.SchemaBlock
		for _, each := range of.BlockTypes {
			if each.TypeName == name {
				inner = each.Block
			}
		}
		for _, each := range of.Attributes {
			if each.Name == name {
				computed = each.Computed
				if each.NestedType != nil {
					inner = &tfprotov6.SchemaBlock{Attributes: each.NestedType.Attributes}
				}
			}
		}
		of = inner
	}
	return name, computed
}

func invented(type_ tftypes.Type, name string) tftypes.Value {
	switch {
	case type_.Is(tftypes.String):
		return tftypes.NewValue(type_, "made-up-"+name)
	case type_.Is(tftypes.Number):
		return tftypes.NewValue(type_, big.NewFloat(1))
	case type_.Is(tftypes.Bool):
		return tftypes.NewValue(type_, false)
	case type_.Is(tftypes.List{}), type_.Is(tftypes.Set{}):
		return tftypes.NewValue(type_, []tftypes.Value{})
	case type_.Is(tftypes.Map{}):
		return tftypes.NewValue(type_, map[string]tftypes.Value{})
	}
	return tftypes.NewValue(type_, nil)
}
