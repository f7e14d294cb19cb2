package ebpm

// Detached is an object that was left to run on its own.
type Detached struct {
	// Name is what Logs and Stop know it by: "opensnoop/1".
	Name string `json:"name"`
	// Programs are the eBPF programs that are attached.
	Programs []string `json:"programs"`
	// Refused are those that the kernel did not take.
	Refused []string `json:"refused"`
}

// Running is an object that runs on its own.
type Running struct {
	Name     string   `json:"name"`
	Object   string   `json:"object"`
	Since    string   `json:"since"`
	Programs []string `json:"programs"`
	Maps     []string `json:"maps"`
}

// RunDetached runs an eBPF object that goes on when this program has ended. Logs reads its events, Stop ends it.
func RunDetached(target string, arguments ...string) (*Detached, error) {
	return RunDetachedWith(Options{}, target, arguments...)
}

// RunDetachedWith is RunDetached with options.
func RunDetachedWith(options Options, target string, arguments ...string) (*Detached, error) {
	started := &Detached{}
	if err := Call("run", options.with(Options{"target": target, "arguments": append([]string{}, arguments...), "detach": true}), started); err != nil {
		return nil, err
	}
	return started, nil
}

// Ps lists what runs on its own.
func Ps() ([]Running, error) {
	var result struct {
		Running []Running `json:"running"`
	}
	err := Call("ps", nil, &result)
	return result.Running, err
}

// Logs reads the events of what runs on its own: those that wait, with Options{"follow": true} those that come, too. Stopping that ends the reading alone. The options may be nil.
func Logs(name string, options Options) (*Run, error) {
	return begin("logs", options.with(Options{"name": name}))
}

// Stop ends what runs on its own, and gives the names of what it was.
func Stop(names ...string) ([]string, error) {
	return stop(Options{"names": append([]string{}, names...)})
}

// StopAll ends all that runs on its own, and gives the names of what it was.
func StopAll() ([]string, error) {
	return stop(Options{"all": true})
}

func stop(which Options) ([]string, error) {
	var result struct {
		Names []string `json:"names"`
	}
	err := Call("stop", which, &result)
	return result.Names, err
}
