using System.CommandLine;
using Pm.Cli.Commands;

namespace Pm.Cli.Ebpf;

/// <summary>Options that are given once for each name: <c>--at PROGRAM=TARGET</c>.</summary>
static class NamedValues
{
    /// <summary>Where programs belong, for all verbs that look at eBPF objects.</summary>
    /// <param name="description">What the verb does with it.</param>
    public static Option<string[]> Targets(string description) => Make("--at", "PROGRAM=TARGET", description);

    public static Option<string[]> Make(string name, string form, string description) => new(name)
    {
        Description = description,
        HelpName = form,
        // The library would make the array by reflection.
        CustomParser = result => [.. result.Tokens.Select(t => t.Value)],
    };

    /// <summary>The values by their names, of a command line of that verb.</summary>
    /// <exception cref="CommandException">PM1002: it has another form.</exception>
    public static Dictionary<string, string> Read(string verb, ParseResult parsed, Option<string[]> option)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in parsed.Given(option) ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == text.Length - 1)
            {
                throw CommandException.Usage("PM1002", $"expected `{option.Name} {option.HelpName}`, got `{text}`", $"see `pm help {verb}`");
            }

            values[text[..equals]] = text[(equals + 1)..];
        }

        return values;
    }
}
