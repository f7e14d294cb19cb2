using System.Collections.Immutable;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Stages.Changes;

namespace Pm.Cli.Commands.Roots;

/// <summary>What a command line means by its packages: a local file first, then a URL, then a name.</summary>
sealed record Targets(ImmutableArray<Dependency> Names, ImmutableArray<LocalFile> Files)
{
    const string Suffix = ".pkg";

    /// <exception cref="CommandException">Neither a file nor a name.</exception>
    public static Targets Parse(PmContext context, IEnumerable<string> texts)
    {
        var names = ImmutableArray.CreateBuilder<Dependency>();
        var files = ImmutableArray.CreateBuilder<LocalFile>();
        foreach (var text in texts)
        {
            if (FileOf(context, text) is { } path)
            {
                var file = LocalFile.Read(path, text);
                if (files.Any(f => f.Id.Name == file.Id.Name))
                {
                    throw Twice(file.Id.Name);
                }

                files.Add(file);
            }
            else
            {
                names.Add(NameOf(text));
            }
        }

        var twice = names.Select(n => n.Name).Concat(files.Select(f => f.Id.Name))
            .GroupBy(n => n).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? new(names.ToImmutable(), files.ToImmutable()) : throw Twice(twice.Key);
    }

    /// <summary>A name, or an error that says what else was tried.</summary>
    public static Dependency NameOf(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw CommandException.Usage(
                "PM1104", $"`{Hostile.OneLine(text)}`: packages are fetched from remotes and files, not yet from a URL",
                "`pm remote add URL`, then `pm pull` and `pm install NAME`");
        }

        return Dependency.TryParse(text, out var dependency)
            ? dependency
            : throw CommandException.Usage(
                "PM1105", $"`{Hostile.OneLine(text)}` is no file and no package name", "a name is `NAME`, `OWNER/NAME` or either with `@VERSION`");
    }

    /// <summary>A file by what it is; a `.pkg` that is missing is said to be missing, not looked up as a name.</summary>
    static string? FileOf(PmContext context, string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return null;
        }

        var path = context.FullPath(text);
        if (File.Exists(path))
        {
            return text.Contains('/', StringComparison.Ordinal) || text.EndsWith(Suffix, StringComparison.Ordinal) ? path : null;
        }

        return text.EndsWith(Suffix, StringComparison.Ordinal)
            || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal)
            || Path.IsPathFullyQualified(text)
            ? throw new CommandException(ExitCode.NotFound, "PM1106", Directory.Exists(path)
                ? $"{Hostile.OneLine(text)}: a directory; expected a .pkg file"
                : $"{Hostile.OneLine(text)}: no such file", Directory.Exists(path) ? $"`pm pkg create {text}` makes a package of it" : null)
            : null;
    }

    static CommandException Twice(PackageName name) =>
        CommandException.Usage("PM1107", $"can only ask to install {name} once");
}
