using Pm.Cli.Commands;
using Pm.Stages.Manuals;

namespace Pm.Cli.Manuals;

/// <summary>The manual page of a command: its text, with the synopsis, options and exit codes of its declaration.</summary>
static class CommandManual
{
    const string SeeAlso = "See also";

    static readonly ExitCode[] EveryCommand = [ExitCode.Ok, ExitCode.Failed, ExitCode.Usage];

    /// <summary>The page: name, synopsis, the text's sections (examples first), options, exit codes, see also.</summary>
    public static IReadOnlyList<ManualBlock> Of(CommandEntry entry)
    {
        var parser = new CommandParser(entry);
        var text = ManualText.Parse(EmbeddedText.Manual(entry.Manual) ?? "").SkipWhile(b => b is not ManualBlock.Heading { Level: 2 }).ToList();
        var last = text.FindIndex(b => b is ManualBlock.Heading { Text: SeeAlso });
        var body = last < 0 ? text : text[..last];
        return
        [
            Section("Name"), new ManualBlock.Paragraph($"pm {entry.Words} - {entry.Summary}"),
            Section("Synopsis"), new ManualBlock.Code(Synopsis.Of(entry, parser)),
            .. Aliases(entry), .. body, .. Options(parser), .. Exits(parser.Declaration), .. last < 0 ? [] : text[last..],
        ];
    }

    static IEnumerable<ManualBlock> Aliases(CommandEntry entry)
    {
        var group = CommandTable.Group(entry.Words.Split(' ')[0]);
        var ofGroup = group is null ? [] : group.Aliases.Select(a => a + entry.Words[group.Word.Length..]);
        var all = entry.Aliases.Concat(ofGroup).Select(a => $"`pm {a}`").ToArray();
        return all.Length == 0 ? [] : [new ManualBlock.Paragraph("Also " + string.Join(", ", all) + ".")];
    }

    static IEnumerable<ManualBlock> Options(CommandParser parser)
    {
        yield return Section("Options");
        foreach (var argument in parser.Declaration.Arguments.Where(a => !a.Hidden))
        {
            yield return new ManualBlock.Definition(argument.HelpName ?? argument.Name, argument.Description ?? "");
        }

        foreach (var option in parser.Options.Where(o => !o.Hidden))
        {
            yield return new ManualBlock.Definition(Synopsis.WithAliases(option), option.Description ?? "");
        }

        yield return new ManualBlock.Definition("-h, --help", "show this page");
    }

    static IEnumerable<ManualBlock> Exits(CommandDeclaration declaration)
    {
        yield return Section("Exit status");
        foreach (var exit in EveryCommand.Where(e => e != ExitCode.Usage || !declaration.FailsWithOne).Concat(declaration.Exits).Concat(declaration.MendsConfiguration || declaration.FailsWithOne ? [] : [ExitCode.Invalid]).Distinct().Order())
        {
            yield return new ManualBlock.Definition(((int)exit).ToString(System.Globalization.CultureInfo.InvariantCulture), Meaning(exit));
        }
    }

    /// <summary>What an exit code says, the same for every command.</summary>
    public static string Meaning(ExitCode exit) => exit switch
    {
        ExitCode.Ok => "done",
        ExitCode.Failed => "failed; the message says how",
        ExitCode.Usage => "the command line is wrong, or an answer is needed and nobody can give one",
        ExitCode.NotRunning => "the unit is not running",
        ExitCode.NotFound => "no such file, package, repository, remote or name",
        ExitCode.NotPermitted => "not permitted by the operating system or a keyhole",
        ExitCode.Invalid => "a manifest or configuration is not valid",
        ExitCode.Refused => "a signature, digest or provenance was refused",
        ExitCode.Findings => "done, with findings",
        ExitCode.Conflict => "conflict, or no solution",
        ExitCode.Unreachable => "the network or a remote cannot be reached",
        ExitCode.LockBusy => "another pm holds the lock",
        ExitCode.RolledBack => "failed, and the old state was restored",
        ExitCode.Partial => "some of what was asked for failed; the output lists it",
        ExitCode.Temporary => "failed for now: try again",
        ExitCode.Interrupted => "interrupted",
        ExitCode.BrokenPipe => "the reader of the output went away",
        _ => "the code of the program that was run",
    };

    static ManualBlock.Heading Section(string title) => new(2, title);
}
