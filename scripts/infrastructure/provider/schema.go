package main

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func (described *description) response(nested bool) *tfprotov6.GetProviderSchemaResponse {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:          &tfprotov6.Schema{Block: described.Provider.schema(nested)},
		ResourceSchemas:   schemas(described.Resources, nested),
		DataSourceSchemas: schemas(described.DataSources, nested),
	}
}

func schemas(blocks map[string]block, nested bool) map[string]*tfprotov6.Schema {
	made := map[string]*tfprotov6.Schema{}
	for name, each := range blocks {
		made[name] = &tfprotov6.Schema{Block: each.schema(nested)}
	}
	return made
}

func (of block) schema(nested bool) *tfprotov6.SchemaBlock {
	made := &tfprotov6.SchemaBlock{}
	for name, each := range of.Attributes {
		made.Attributes = append(made.Attributes, each.schema(name, nested))
	}
	for name, each := range of.Blocks {
		one := &tfprotov6.SchemaNestedBlock{TypeName: name, Block: each.schema(nested), Nesting: nesting(each.Nesting)}
		if each.Nesting != "single" {
			if each.Required {
				one.MinItems = 1
			}
			if each.One {
				one.MaxItems = 1
			}
		}
		made.BlockTypes = append(made.BlockTypes, one)
	}
	return made
}

func (of attribute) schema(name string, nested bool) *tfprotov6.SchemaAttribute {
	made := &tfprotov6.SchemaAttribute{Name: name, Computed: of.Computed, Optional: of.Optional, Required: of.Required}
	switch {
	case of.Nested == nil:
		made.Type = typeOf(of.Type)
	case !nested:
		made.Type = collection(of.Nesting, of.Nested.object())
	default:
		made.NestedType = &tfprotov6.SchemaObject{Nesting: objectNesting(of.Nesting)}
		for inner, each := range of.Nested.Attributes {
			made.NestedType.Attributes = append(made.NestedType.Attributes, each.schema(inner, nested))
		}
	}
	return made
}

func (of *block) object() tftypes.Type {
	types := map[string]tftypes.Type{}
	for name, each := range of.Attributes {
		if each.Nested == nil {
			types[name] = typeOf(each.Type)
		} else {
			types[name] = collection(each.Nesting, each.Nested.object())
		}
	}
	return tftypes.Object{AttributeTypes: types}
}

func typeOf(given any) tftypes.Type {
	if of, isList := given.([]any); isList {
		return collection(of[0].(string), typeOf(of[1]))
	}
	switch given {
	case "number":
		return tftypes.Number
	case "bool":
		return tftypes.Bool
	case "dynamic":
		return tftypes.DynamicPseudoType
	}
	return tftypes.String
}

func collection(kind string, of tftypes.Type) tftypes.Type {
	switch kind {
	case "list":
		return tftypes.List{ElementType: of}
	case "set":
		return tftypes.Set{ElementType: of}
	case "map":
		return tftypes.Map{ElementType: of}
	}
	return of
}

func nesting(kind string) tfprotov6.SchemaNestedBlockNestingMode {
	switch kind {
	case "set":
		return tfprotov6.SchemaNestedBlockNestingModeSet
	case "single":
		return tfprotov6.SchemaNestedBlockNestingModeSingle
	}
	return tfprotov6.SchemaNestedBlockNestingModeList
}

func objectNesting(kind string) tfprotov6.SchemaObjectNestingMode {
	switch kind {
	case "list":
		return tfprotov6.SchemaObjectNestingModeList
	case "set":
		return tfprotov6.SchemaObjectNestingModeSet
	case "map":
		return tfprotov6.SchemaObjectNestingModeMap
	}
	return tfprotov6.SchemaObjectNestingModeSingle
}
