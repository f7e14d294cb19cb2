package ebpm

// Package is what is known of a package: "name", "version", "hash" …
type Package map[string]any

// Result is what a command answers.
type Result map[string]any

// ListPackages lists what is installed. Here and below options may be nil.
func ListPackages(options Options) ([]Package, error) {
	return packages("list", options)
}

// Search lists what the remotes offer, the best first; Options{"limit": 5} for no more.
func Search(options Options, words ...string) ([]Package, error) {
	return packages("search", options.with(Options{"words": append([]string{}, words...)}))
}

// Info tells all that is known of a package.
func Info(options Options, name string) (Package, error) {
	all, err := packages("info", options.with(Options{"package": name}))
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Check tells whether a kernel would run the eBPF objects of packages, or objects; Options{"kernel": "web1"} for another machine's.
func Check(options Options, names ...string) (Result, error) {
	return change("check", "packages", options, names)
}

// Pull fetches the newest lists of the remotes; all where none is named.
func Pull(options Options, remotes ...string) (Result, error) {
	return change("pull", "remotes", options, remotes)
}

// Install installs packages by name, file or URL, and tells what changed.
func Install(options Options, names ...string) (Result, error) {
	return change("install", "packages", options, names)
}

// Update updates packages; all where none is named.
func Update(options Options, names ...string) (Result, error) {
	return change("update", "packages", options, names)
}

// Remove removes packages.
func Remove(options Options, names ...string) (Result, error) {
	return change("remove", "packages", options, names)
}

// Get takes packages into the project of the working directory, or into that in Options{"project": "DIR"}.
func Get(options Options, names ...string) (Result, error) {
	return change("get", "packages", options, names)
}

// Version is that of pm.
func Version() (string, error) {
	var result struct {
		Version string `json:"version"`
	}
	err := Call("version", nil, &result)
	return result.Version, err
}

func packages(method string, parameters Options) ([]Package, error) {
	var result struct {
		Packages []Package `json:"packages"`
	}
	err := Call(method, parameters, &result)
	return result.Packages, err
}

func change(method, what string, options Options, words []string) (Result, error) {
	result := Result{}
	err := Call(method, options.with(Options{what: append([]string{}, words...)}), &result)
	return result, err
}
