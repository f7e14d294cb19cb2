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
            var (name, value) = Split(option.Name, option.HelpName!, verb, text);
            values[name] = value;
        }

        return values;
    }

    /// <summary>The name and the value of one.</summary>
    /// <exception cref="CommandException">PM1002: it has another form.</exception>
    public static (string Name, string Value) Split(string option, string form, string verb, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < text.Length - 1
            ? (text[..equals], text[(equals + 1)..])
            : throw CommandException.Usage("PM1002", $"expected `{option} {form}`, got `{text}`", $"see `pm help {verb}`");
    }
}
