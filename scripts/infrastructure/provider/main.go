// A provider that knows a schema and nothing else: OpenTofu checks a configuration against it without a cloud.
//
// It runs as terraform-provider-NAME and reads NAME.json.gz from its folder. A plan marks what a real provider would compute as unknown;
// apply and data sources fill it with made-up values. No check that a real provider makes in code happens here.
package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

type attribute struct {
	Type                         any
	Nested                       *block
	Nesting                      string
	Computed, Optional, Required bool
}

type block struct {
	Attributes map[string]attribute
	Blocks     map[string]struct {
		block
		Nesting       string
		Required, One bool
	}
}

type description struct {
	Source      string
	Provider    block
	Resources   map[string]block
	DataSources map[string]block `json:"data_sources"`
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(filepath.Base(executable), "terraform-provider-")
	described, err := read(filepath.Join(filepath.Dir(executable), name+".json.gz"))
	if err != nil {
		return err
	}
	if wanted := os.Getenv("LAKEWRIGHT_PROVIDER_TYPES"); wanted != "" {
		keep(described, strings.Split(wanted, ","))
	}
	// Only the framework of newer providers has nested attributes; the older one has lists of objects.
	made := &provider{response: described.response(strings.HasPrefix(described.Source, "databricks/"))}
	return tf6server.Serve("registry.opentofu.org/"+described.Source, func() tfprotov6.ProviderServer { return made })
}

// keep leaves the schemas of some types: OpenTofu reads every schema in each run, and azurerm has more than a thousand.
func keep(described *description, types []string) {
	resources, dataSources := described.Resources, described.DataSources
	described.Resources, described.DataSources = map[string]block{}, map[string]block{}
	for _, each := range types {
		if found, known := resources[each]; known {
			described.Resources[each] = found
		}
		if found, known := dataSources[each]; known {
			described.DataSources[each] = found
		}
	}
}

func read(path string) (*description, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	found := &description{}
	return found, json.NewDecoder(content).Decode(found)
}
