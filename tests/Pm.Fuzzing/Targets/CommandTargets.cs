using Pm.Cli;
using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>Command lines, one argument a line: read up to the point where the command would run.</summary>
static class CommandTargets
{
    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("command-line", Read)
        {
            Seeds = Reading.Seeds(
                "install\nfoo@1.0.0\n--root\n/r\n-y", "remote\nadd\n--fingerprint\naa\nhttps://example.org", "--root=/r\npkg\n-n\ncreate\n.", "repo\npublish\n--repo\nd\na.pkg",
                "run\nfoo\n--\n-x\n--y", "unpack\na.tar\nd\n--max-entries=3", "version\n--json", "pin\nfoo"),
            Allowed = [typeof(CommandException)],
            Words =
            [
                .. Words.Text, .. Words.Of("\n--\n", "\n--json\n", "\n--root\n", "\n--root=", "\n-n\n", "\n-", "\n--", "=", "\n@x\n", "\n--color=never", "\n-yq", "\n--help", "\n/?"),
                .. CommandTable.Entries.SelectMany(e => e.Aliases.Append(e.Words)).Select(w => Reading.Bytes(w.Replace(' ', '\n') + "\n")),
            ],
            MaximumLength = 4096,
        },
    ];

    static void Read(byte[] bytes)
    {
        // The kernel ends arguments with a NUL: none holds one.
        var arguments = Reading.Text(bytes).Replace('\0', '0').Split('\n');
        var selection = Selection.Of(arguments);
        if (selection.Entry is not { } entry)
        {
            throw Dispatch.UnknownCommand(selection.Words is [] ? ["x"] : selection.Words);
        }

        var parser = new CommandParser(entry);
        parser.Common.Apply(Context(), parser.Parse(selection.Rest));
    }

    static PmContext Context()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/home/pat" };
        return new PmContext
        {
            Time = TimeProvider.System,
            Environment = environment,
            WorkingDirectory = "/work",
            Random = new Random(1),
            Terminal = new Terminal(Stream.Null, Stream.Null, Stream.Null, environment)
            {
                InputIsTerminal = false,
                OutputIsTerminal = false,
                TalkIsTerminal = false,
            },
            EffectiveUserId = 1000,
            InvokedAs = "pm",
            ExecutablePath = "/usr/bin/pm",
            Settings = CommonOptionSet.Defaults(1000, environment, "/work"),
            SystemDirectory = "/work/etc",
        };
    }
}
