package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"ebpm-opens"
)

func main() {
	run, err := opens.OpenAndRun("--pid", strconv.Itoa(os.Getpid()))
	if err != nil {
		var e *opens.Error
		if !errors.As(err, &e) {
			panic(err)
		}
		fmt.Println("refused", e.Code)
		return
	}
	defer run.Close()
	fmt.Println("attached", run.Programs[0])
	_, _ = os.Open(os.Args[1])
	for event := range run.Events() {
		if event["name"] == os.Args[1] {
			fmt.Println("event True")
			return
		}
	}
}
