using System.CommandLine;
using Pm.Cli.Commands.Running;
using Pm.Cli.Ebpf;
using Pm.Cli.Manuals;
using Pm.Cli.Output;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Packages;
using Pm.Stages.Running;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm help [WORD]…</c></summary>
static class HelpCommand
{
    public const string Summary = "show the manual of a command, or all commands";

    public static CommandDeclaration Declare()
    {
        var words = new Argument<string[]>("WORD") { Description = "the words of a command, or of a group: remote add; or the name of an installed eBPF program", Arity = ArgumentArity.ZeroOrMore };
        return new CommandDeclaration
        {
            Arguments = [words],
            Takes = CommonOptions.Root,
            Complete = (_, prefix) => Completion.Proposals.Words(prefix).Concat(
                DaemonManual.Name.StartsWith(prefix, StringComparison.Ordinal) ? [$"{DaemonManual.Name}\t{DaemonManual.Summary}"] : []),
            MendsConfiguration = true,
            RunAsync = (context, parsed) => Run(context, parsed.Given(words) ?? []),
        };
    }

    static ValueTask<ExitCode> Run(PmContext context, string[] words)
    {
        if (words is [DaemonManual.Name])
        {
            TerminalPage.Write(context.Terminal, DaemonManual.Blocks());
            return ValueTask.FromResult(ExitCode.Ok);
        }

        var selection = Selection.Of(words);
        switch (selection)
        {
            case { Words: [] }:
                HelpPages.Usage(context.Terminal);
                break;
            case { Entry: { } entry, Rest: [] }:
                HelpPages.Command(context.Terminal, entry);
                break;
            case { Group: { } group, Words.Count: 1, Rest: [] }:
                HelpPages.Group(context.Terminal, group);
                break;
            case { Entry: null, Group: null, Words: [var name], Rest: [] } when TryShowProgram(context, name):
                break;
            default:
                throw Dispatch.UnknownCommand(words);
        }

        return ValueTask.FromResult(ExitCode.Ok);
    }

    /// <summary>What an installed eBPF object says of itself; others are asked by running them.</summary>
    static bool TryShowProgram(PmContext context, string name)
    {
        if (!Dependency.TryParse(name, out var wanted) || InstalledProgram.TryFind(context, wanted, command: null) is not { } program)
        {
            return false;
        }

        if (EbpfCommand.ObjectOf(program) is not { } path)
        {
            throw CommandException.Usage("PM1001", $"`{Hostile.OneLine(name)}` is a program of an installed package, and no command of pm's", $"`pm run {Hostile.OneLine(name)} -- --help`, `man {Hostile.OneLine(name)}`");
        }

        using var source = new RunSource(path, name, ContentKind.Object) { Origin = path };
        var spec = BpfSpec.Parse(ObjectFile.Read(path, name), name);
        ObjectHelp.Write(context.Terminal, source, spec, ParameterSet.Of(spec));
        return true;
    }
}
