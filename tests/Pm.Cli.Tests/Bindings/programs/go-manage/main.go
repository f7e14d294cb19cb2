package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"ebpm"
)

func main() {
	target, name, project := os.Args[1], os.Args[2], os.Args[3]
	unsigned := ebpm.Options{"allowUnsigned": true}
	_, err := ebpm.Pull(nil)
	check(err)
	found, err := ebpm.Search(nil, "hello")
	check(err)
	fmt.Println("search", names(found), found[0]["version"])
	installed, err := ebpm.Install(unsigned, "hello")
	check(err)
	fmt.Println("install", namesOf(installed, "packages"))
	list()
	about, err := ebpm.Info(nil, "hello")
	check(err)
	fmt.Println("info", about["version"])
	fit, err := ebpm.Check(nil, target)
	check(err)
	fmt.Println("check", namesOf(fit["objects"].([]any)[0].(map[string]any), "programs"))
	updated, err := ebpm.Update(nil, "hello")
	check(err)
	fmt.Println("update", len(updated["packages"].([]any)))
	got, err := ebpm.Get(ebpm.Options{"project": project, "allowUnsigned": true}, "hello")
	check(err)
	fmt.Println("get", namesOf(got, "changes"))
	removed, err := ebpm.Remove(nil, "hello")
	check(err)
	fmt.Println("remove", namesOf(removed, "packages"))
	list()
	version, err := ebpm.Version()
	check(err)
	fmt.Println("version", said(len(version) > 0))
	_, err = ebpm.Install(nil, "pm-nowhere")
	refused(err)

	started, err := ebpm.RunDetached(target, "--pid", strconv.Itoa(os.Getpid()))
	if err != nil {
		refused(err)
		return
	}
	fmt.Println("detached", strings.Join(started.Programs, " "))
	_, _ = os.Open(name)
	running, err := ebpm.Ps()
	check(err)
	count := 0
	for _, one := range running {
		if one.Name == started.Name {
			count++
		}
	}
	fmt.Println("ps", count)
	run, err := ebpm.Logs(started.Name, nil)
	check(err)
	isTold := false
	for event := range run.Events() {
		isTold = isTold || event["name"] == name && event["pid"] == float64(os.Getpid())
	}
	fmt.Println("event", said(isTold))
	end, err := run.Stop()
	check(err)
	fmt.Println("end", end.Code, run.Lost(), said(run.Name == started.Name))
	stopped, err := ebpm.Stop(started.Name)
	check(err)
	fmt.Println("stop", said(len(stopped) == 1 && stopped[0] == started.Name))
	_, err = ebpm.Stop(started.Name)
	refused(err)
}

func list() {
	installed, err := ebpm.ListPackages(nil)
	check(err)
	fmt.Println(strings.TrimSpace("list " + names(installed)))
}

func names(all []ebpm.Package) string {
	words := []string{}
	for _, one := range all {
		words = append(words, one["name"].(string))
	}
	return strings.Join(words, " ")
}

func namesOf(result map[string]any, member string) string {
	all := []ebpm.Package{}
	for _, one := range result[member].([]any) {
		all = append(all, one.(map[string]any))
	}
	return names(all)
}

func said(is bool) string {
	if is {
		return "True"
	}
	return "False"
}

func refused(err error) {
	var e *ebpm.Error
	if !errors.As(err, &e) {
		panic(err)
	}
	fmt.Println("refused", e.Code, e.Exit)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
