using Pm.Ebpf.Events;
using Pm.Ebpf.Parameters;

namespace Pm.Cli.Ebpf;

/// <summary>What every object understands among its own flags: so a command that stands for one needs no other word to separate the two. A flag of the object's of that name goes before.</summary>
static class ObjectWords
{
    /// <summary>Takes these out of the flags.</summary>
    /// <exception cref="CommandException">PM1002: a time is none.</exception>
    public static (ObjectChoices Choices, string[] Flags) Take(ObjectChoices choices, ParameterSet parameters, string[] arguments) =>
        Take(choices, parameters.All.SelectMany(p => new[] { p.Name, p.Alias }).OfType<string>().ToHashSet(StringComparer.Ordinal), arguments);

    /// <summary>Takes these out of the flags.</summary>
    /// <param name="choices">What was said before.</param>
    /// <param name="own">The names of the flags that are the object's, without dashes.</param>
    /// <param name="arguments">All words.</param>
    /// <exception cref="CommandException">PM1002: a time is none.</exception>
    public static (ObjectChoices Choices, string[] Flags) Take(ObjectChoices choices, IReadOnlySet<string> own, string[] arguments)
    {
        var flags = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var word = arguments[i];
            var name = word.StartsWith("--", StringComparison.Ordinal) ? word[2..].Split('=')[0] : "";
            if (name.Length == 0 || own.Contains(name))
            {
                flags.Add(word);
                continue;
            }

            switch (word)
            {
                case "--json":
                    choices = choices with { Style = EventStyle.Json };
                    break;
                case "--text":
                    choices = choices with { Style = EventStyle.Text };
                    break;
                case "--strict":
                    choices = choices with { IsStrict = true };
                    break;
                case "--duration" when i + 1 < arguments.Length:
                    choices = choices with { Duration = EventOptions.Time(arguments[++i]) };
                    break;
                case var text when text.StartsWith("--duration=", StringComparison.Ordinal):
                    choices = choices with { Duration = EventOptions.Time(text["--duration=".Length..]) };
                    break;
                default:
                    flags.Add(word);
                    break;
            }
        }

        return (choices, [.. flags]);
    }
}
