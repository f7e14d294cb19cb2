using Pm.Cli.Output;
using Pm.Packages;

namespace Pm.Cli.Export;

/// <summary>What is exported.</summary>
sealed record ExportSource
{
    const string Prefix = "ebpm-";

    public required PackageId Id { get; init; }

    /// <summary>Null as long as only the names of files are asked for.</summary>
    public PackageDescription? Description { get; init; }

    /// <summary>Nobody signed it, and who exports it said that this may be.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>What it is called elsewhere: <c>ebpm-opensnoop</c>.</summary>
    public string Name => Prefix + Id.Name.Text.Replace('/', '-');

    /// <summary>The same as a word of programming languages: <c>ebpm_opensnoop</c>.</summary>
    public string Word => Name.Replace('-', '_').Replace('.', '_');

    /// <summary>The name of the file that holds it.</summary>
    public string PackageFile => Name + ".pkg";

    /// <summary>On one line, with nothing in it that steers.</summary>
    public string Summary => Hostile.OneLine((Description?.Description.Trim() is { Length: > 0 } text ? text : $"{Id} through pm").ReplaceLineEndings(" "));

    public string? Licence => Description?.Licence is { Length: > 0 } licence ? Hostile.OneLine(licence) : null;

    /// <summary>What it is for, and how it is used.</summary>
    /// <param name="language">Of the code.</param>
    /// <param name="package">Where the package lies in the export.</param>
    /// <param name="use">The code.</param>
    /// <param name="call">The code that gives flags, and an option of pm's.</param>
    public string Readme(string language, string package, string use, string call) => $"""
        # {Name}

        {Summary}

        It runs {Id} through pm, which has to be installed (`PM_EXECUTABLE` names it where it is not in `PATH`); nothing else is needed. The package is in `{package}`; {(IsUnsigned
            ? "nobody signed it"
            : "pm runs it when the key of its publisher is trusted (`pm key trust`)")}.

        ```{language}
        {use.ReplaceLineEndings("\n")}
        ```

        Arguments are flags of the program, such as `--pid 42`; `pm run {(IsUnsigned ? "--allow-unsigned " : "")}./{package} -- --help` shows those that it has. Options of `run` of `pm rpc` can be given, too: here it ends after a minute.

        ```{language}
        {call.ReplaceLineEndings("\n")}
        ```

        Made by `pm export`.

        """.ReplaceLineEndings("\n");
}
