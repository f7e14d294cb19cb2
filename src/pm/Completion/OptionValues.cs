using System.CommandLine;
using Pm.Cli.Commands.Remotes;
using Pm.Cli.Configuration;

namespace Pm.Cli.Completion;

/// <summary>What the value of an option could be.</summary>
static class OptionValues
{
    public static IEnumerable<string> For(PmContext context, Option option, string prefix) => option.Name switch
    {
        "--progress" => Of(prefix, SettingTable.Progress.Choices),
        "--color" => Of(prefix, SettingTable.Color.Choices),
        "--to" => [.. RemoteNames.Complete(context, prefix), Proposals.Files],
        "--remote" => RemoteNames.Complete(context, prefix),
        "--expires" => Of(prefix, "30d", "90d", "18m", "3y", "never"),
        _ => option.HelpName is { } name && (name.Contains("FILE", StringComparison.Ordinal) || name == "DIR") ? [Proposals.Files] : [],
    };

    static IEnumerable<string> Of(string prefix, params IReadOnlyList<string> values) => values.Where(value => value.StartsWith(prefix, StringComparison.Ordinal));
}
