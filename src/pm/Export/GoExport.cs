namespace Pm.Cli.Export;

/// <summary>A Go module: the binding below <c>internal</c>, and the package within the code.</summary>
static class GoExport
{
    /// <summary>What no package of Go's can be called. Source: The Go Programming Language Specification, Keywords; `main` and `internal` mean something.</summary>
    static readonly string[] Taken =
    [
        "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto", "if", "import", "interface", "map", "package",
        "range", "return", "select", "struct", "switch", "type", "var", "main", "internal", "init", "ebpm", "os",
    ];

    public static IReadOnlyList<ExportFile> Files(ExportSource source, string version) =>
    [
        ExportFile.Of("README.md", source.Readme(
            "go", source.PackageFile,
            $$"""
            import "{{source.Name}}"

            run, err := {{PackageOf(source)}}.OpenAndRun()
            for event := range run.Events() {
            	fmt.Println(event)
            }
            end, err := run.Stop()
            """,
            $$"""
            run, err = {{PackageOf(source)}}.OpenAndRun("--pid", "42")
            // or:
            run, err = {{PackageOf(source)}}.OpenAndRunWith({{PackageOf(source)}}.Options{"duration": "1m"}, "--pid", "42")
            """)),
        ExportFile.Of($"{source.Word}.go", Code(source)),
        ExportFile.Of("go.mod", $"module {source.Name}\n\ngo 1.19\n"),
        ExportFile.Of("internal/ebpm/ebpm.go", Binding.Go),
        ExportFile.Package(source.PackageFile),
    ];

    /// <summary>What the code calls it: the name without what no identifier has.</summary>
    static string PackageOf(ExportSource source)
    {
        var word = string.Concat(source.Id.Name.Name.Where(char.IsAsciiLetterOrDigit));
        return word.Length == 0 || char.IsAsciiDigit(word[0]) || Taken.Contains(word) || word.EndsWith("test", StringComparison.Ordinal) ? "ebpm" + word : word;
    }

    static string Code(ExportSource source) => $$"""
        // Package {{PackageOf(source)}} runs {{source.Id}} through pm. Made by `pm export`.
        package {{PackageOf(source)}}

        import (
        	_ "embed"
        	"os"

        	"{{source.Name}}/internal/ebpm"
        )

        //go:embed {{source.PackageFile}}
        var file []byte

        type (
        	// Run is something that runs.
        	Run = ebpm.Run
        	// Event is one event of an object; of a program it has the one member "text".
        	Event = ebpm.Event
        	// End is how a run ended.
        	End = ebpm.End
        	// Error is what pm refuses.
        	Error = ebpm.Error
        	// Options are those of `run` of `pm rpc`.
        	Options = ebpm.Options
        )

        // OpenAndRun runs it; it returns when it is attached.
        func OpenAndRun(arguments ...string) (*Run, error) {
        	return OpenAndRunWith(Options{}, arguments...)
        }

        // OpenAndRunWith is OpenAndRun with options.
        func OpenAndRunWith(options Options, arguments ...string) (*Run, error) {
        	all := Options{{{(source.IsUnsigned ? "\"allowUnsigned\": true" : "")}}}
        	for name, value := range options {
        		all[name] = value
        	}
        	temporary, err := os.CreateTemp("", "{{source.Name}}-*.pkg")
        	if err != nil {
        		return nil, err
        	}
        	defer os.Remove(temporary.Name()) // Once it runs, pm has it.
        	if _, err = temporary.Write(file); err == nil {
        		err = temporary.Close()
        	}
        	if err != nil {
        		return nil, err
        	}
        	return ebpm.OpenAndRunWith(all, temporary.Name(), arguments...)
        }

        """.ReplaceLineEndings("\n");
}
