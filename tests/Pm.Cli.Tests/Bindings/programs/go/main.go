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
	target, name, ends := os.Args[1], os.Args[2], os.Args[3]
	version := map[string]any{}
	check(ebpm.Call("version", nil, &version))
	fmt.Println("version", version["version"])

	run, err := ebpm.OpenAndRun("/bin/sh", "-c", "echo one; echo two; exit 7")
	check(err)
	for event := range run.Events() {
		fmt.Println("line", event["text"])
	}
	end, err := run.Stop()
	check(err)
	fmt.Println("end", end.Code, run.Kind)

	run, err = ebpm.OpenAndRun("/bin/sh", "-c", "echo begun; exec sleep 1000")
	check(err)
	fmt.Println("line", (<-run.Events())["text"])
	end, err = run.Stop()
	check(err)
	fmt.Println("end", end.Code, end.Lost)

	_, err = ebpm.OpenAndRunWith(ebpm.Options{"strict": true}, "./nowhere")
	refused(err)

	for i := 0; i < 2; i++ {
		run, err = ebpm.OpenAndRun(target, "--pid", strconv.Itoa(os.Getpid()))
		if err != nil {
			refused(err)
			continue
		}
		fmt.Println("attached", strings.Join(run.Programs, " "))
		_, _ = os.Open(name)
		for event := range run.Events() {
			if event["name"] == name {
				if event["pid"] == float64(os.Getpid()) {
					fmt.Println("event True")
				}
				break
			}
		}
		end, err = run.Stop()
		check(err)
		fmt.Println("end", end.Code, end.Lost)
	}

	os.Setenv("PM_EXECUTABLE", ends)
	run, err = ebpm.OpenAndRun("said")
	check(err)
	<-run.Events()
	end, err = run.Stop()
	check(err)
	fmt.Println("end", end.Code)
	for _, wrong := range [][]string{{ends, "unsaid"}, {"pm-is-not-there", "said"}, {"/pm-is-not-there", "said"}} {
		os.Setenv("PM_EXECUTABLE", wrong[0])
		run, err = ebpm.OpenAndRun(wrong[1])
		if err == nil {
			_, err = run.Stop()
		}
		refused(err)
	}
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
