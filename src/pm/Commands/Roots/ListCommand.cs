using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm list [NAME…]</c></summary>
static class ListCommand
{
    public const string Summary = "list installed packages, or the files of some";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "a package whose files are listed, as `pm files` does; without one, packages are listed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new CommandDeclaration
        {
            Arguments = [names],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => ValueTask.FromResult(
                parsed.Given(names) is { Length: > 0 } some ? FilesCommand.Run(context, some) : Run(context)),
        };
    }

    static ExitCode Run(PmContext context)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        var current = root?.Current;
        var packages = current?.Packages ?? [];
        if (context.Settings.Json)
        {
            WriteJson(context, current);
        }
        else if (context.Terminal.OutputIsTerminal)
        {
            var table = new Table("PACKAGE", "VERSION", "REMOTE", "WHY", "SIGNER");
            foreach (var package in packages)
            {
                table.Add(package.Id.Name.Text, package.Id.Version.Text, package.Remote ?? "-", Why(package), Signer(package));
            }

            table.Write(context.Terminal);
        }
        else
        {
            // Three columns, as the original's: scripts cut them.
            var table = new Table("PACKAGE", "VERSION", "REMOTE");
            foreach (var package in packages)
            {
                table.Add(package.Id.Name.Text, package.Id.Version.Text, package.Remote ?? "-");
            }

            table.Write(context.Terminal);
        }

        if (packages.IsEmpty && context.Terminal.OutputIsTerminal && !context.Settings.Json)
        {
            context.Terminal.Note($"nothing is installed in {context.Settings.Root}");
        }

        return ExitCode.Ok;
    }

    static string Why(InstalledPackage package) =>
        (package.IsAsked ? "asked for" : "dependency") + (package.IsPinned ? ", pinned" : "");

    static string Signer(InstalledPackage package) => package.Signer?.LongKeyId ?? "unsigned";

    static void WriteJson(PmContext context, Generation? current) => JsonOutput.Write(context.Terminal, "package-list", json =>
    {
        json.WriteStartObject();
        json.WriteString("root"u8, context.Settings.Root);
        if (current is not null)
        {
            json.WriteNumber("generation"u8, current.Number);
        }

        json.WriteStartArray("packages"u8);
        foreach (var package in current?.Packages ?? [])
        {
            json.WriteStartObject();
            PackageJson.WriteInstalled(json, package);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
