// What container engines do with CDI specs, by the package that they do it with:
//
//	engine parse FILE...          prints a line for each file that is refused
//	engine inject FOLDER DEVICE...  prints what a container of user 1000 with the devices is made of
package main

import (
	"encoding/json"
	"fmt"
	"os"

	oci "github.com/opencontainers/runtime-spec/specs-go"
	"tags.cncf.io/container-device-interface/pkg/cdi"
)

func main() {
	words := os.Args[2:]
	if os.Args[1] == "parse" {
		for _, path := range words {
			if _, err := cdi.ReadSpec(path, 0); err != nil {
				fmt.Printf("%s: %q\n", path, err.Error())
			}
		}
		return
	}
	cache, err := cdi.NewCache(cdi.WithSpecDirs(words[0]), cdi.WithAutoRefresh(false))
	if err != nil {
		fail(err)
	}
	container := &oci.Spec{Process: &oci.Process{User: oci.User{UID: 1000, GID: 1000}}}
	if _, err := cache.InjectDevices(container, words[1:]...); err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(container); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
