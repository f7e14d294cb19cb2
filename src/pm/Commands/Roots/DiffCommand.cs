using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Looking;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm diff [A [B]]</c></summary>
static class DiffCommand
{
    public const string Summary = "show what differs between two generations";

    public static CommandDeclaration Declare()
    {
        var from = RootOptions.Generation("A", "the older generation; the one before the current when none is named");
        var to = RootOptions.Generation("B", "the newer generation; the current when none is named");
        var files = new Option<bool>("--files") { Description = "show the paths that differ too" };
        var exitCode = new Option<bool>("--exit-code") { Description = "exit with 8 when anything differs" };
        return new CommandDeclaration
        {
            Arguments = [from, to],
            Options = [files, exitCode],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound, ExitCode.Findings],
            Complete = RootCompletion.Generations,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(from), parsed.Given(to), parsed.Given(files), parsed.Given(exitCode))),
        };
    }

    public static void WriteChange(Utf8JsonWriter json, PackageChange change)
    {
        json.WriteStartObject();
        json.WriteString("do"u8, ChangeText.Verb(change));
        json.WriteString("name"u8, change.Name.Text);
        json.WriteString("old"u8, change.Old?.Id.Version.Text);
        json.WriteString("new"u8, change.New?.Id.Version.Text);
        json.WriteEndObject();
    }

    static ExitCode Run(PmContext context, int? a, int? b, bool withPaths, bool showsInExit)
    {
        using var session = RootAccess.Open(context);
        var to = b is { } number ? session.Root.Require(number) : session.Root.Current;
        if (to is null)
        {
            return ExitCode.Ok;
        }

        var from = a is { } older ? session.Root.Require(older) : Before(session.Root, to.Number);
        var changes = GenerationDifference.OfPackages(from, to);
        var paths = withPaths ? GenerationDifference.OfPaths(session.Store, changes) : [];
        if (context.Settings.Json)
        {
            WriteJson(context, from, to, changes, withPaths ? paths : null);
        }
        else
        {
            context.Terminal.Note(from is null ? $"nothing .. generation {to.Number}" : $"generation {from.Number} .. generation {to.Number}");
            WriteText(context, changes, paths);
        }

        return showsInExit && !changes.IsEmpty ? ExitCode.Findings : ExitCode.Ok;
    }

    static Generation? Before(Root root, int number) =>
        root.GenerationNumbers().LastOrDefault(n => n < number) is var before and > 0 ? root.Find(before) : null;

    static void WriteText(PmContext context, ImmutableArray<PackageChange> changes, ImmutableArray<PathChange> paths)
    {
        var table = new Table("DO", "PACKAGE", "FROM", "TO");
        foreach (var change in changes)
        {
            table.Add(ChangeText.Verb(change), change.Name.Text, change.Old?.Id.Version.Text ?? "-", change.New?.Id.Version.Text ?? "-");
        }

        table.Write(context.Terminal);
        foreach (var path in paths)
        {
            context.Terminal.Data($"{Sign(path)} {PathText.Show(path.Path)}{Detail(path)}");
        }

        if (changes.IsEmpty)
        {
            context.Terminal.Note("no difference");
        }
    }

    static char Sign(PathChange change) => change switch { { Old: null } => '+', { New: null } => '-', _ => '~' };

    /// <summary>What differs besides the content.</summary>
    static string Detail(PathChange change) => change switch
    {
        { Old: { } old, New: { } to } when old.Kind != to.Kind => $" ({PackageJson.Kind(old.Kind)} -> {PackageJson.Kind(to.Kind)})",
        { Old: { } old, New: { } to } when old.Mode != to.Mode => $" ({PackageJson.Mode(old)} -> {PackageJson.Mode(to)})",
        _ => "",
    };

    static void WriteJson(
        PmContext context, Generation? from, Generation to, ImmutableArray<PackageChange> changes, ImmutableArray<PathChange>? paths) =>
        JsonOutput.Write(context.Terminal, "generation-diff", json =>
        {
            json.WriteStartObject();
            json.WriteString("root"u8, context.Settings.Root);
            json.WriteNumber("from"u8, from?.Number ?? 0);
            json.WriteNumber("to"u8, to.Number);
            json.WriteStartArray("packages"u8);
            foreach (var change in changes)
            {
                WriteChange(json, change);
            }

            json.WriteEndArray();
            if (paths is { } some)
            {
                json.WriteStartArray("paths"u8);
                foreach (var path in some)
                {
                    WritePath(json, path);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });

    static void WritePath(Utf8JsonWriter json, PathChange change)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, PathText.Show(change.Path));
        json.WriteString("do"u8, change switch { { Old: null } => "add", { New: null } => "remove", _ => "replace" });
        foreach (var (name, entry) in new[] { ("old", change.Old), ("new", change.New) })
        {
            if (entry is not null)
            {
                json.WritePropertyName(name);
                PackageJson.WriteEntry(json, entry, null);
            }
        }

        json.WriteEndObject();
    }
}
