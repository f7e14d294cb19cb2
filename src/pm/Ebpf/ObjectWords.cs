using Pm.Ebpf.Events;
using Pm.Ebpf.Parameters;

namespace Pm.Cli.Ebpf;

/// <summary>
/// What every object understands among its own flags: so a command that stands for one needs no other word to separate the two, and can be told what only its user knows. A flag of the object's of that name
/// goes before.
/// </summary>
static class ObjectWords
{
    /// <summary>Takes these out of the flags.</summary>
    /// <exception cref="CommandException">PM1002: a value will not do.</exception>
    public static (ObjectChoices Choices, string[] Flags) Take(PmContext context, ObjectChoices choices, ParameterSet parameters, string[] arguments) =>
        Take(context, choices, parameters.All.SelectMany(p => new[] { p.Name, p.Alias }).OfType<string>().ToHashSet(StringComparer.Ordinal), arguments);

    /// <summary>Takes these out of the flags.</summary>
    /// <param name="context">The world.</param>
    /// <param name="choices">What was said before.</param>
    /// <param name="own">The names of the flags that are the object's, without dashes.</param>
    /// <param name="arguments">All words.</param>
    /// <exception cref="CommandException">PM1002: a value will not do.</exception>
    public static (ObjectChoices Choices, string[] Flags) Take(PmContext context, ObjectChoices choices, IReadOnlySet<string> own, string[] arguments)
    {
        var flags = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var word = arguments[i];
            var name = word.StartsWith("--", StringComparison.Ordinal) ? word[2..].Split('=')[0] : "";
            if (name.Length == 0 || own.Contains(name))
            {
                flags.Add(word);
            }
            else if (Switch(choices, word) is { } switched)
            {
                choices = switched;
            }
            else if (word.Length > name.Length + 2 && Set(context, choices, name, word[(name.Length + 3)..]) is { } set)
            {
                choices = set;
            }
            else if (word.Length == name.Length + 2 && i + 1 < arguments.Length && Set(context, choices, name, arguments[i + 1]) is { } following)
            {
                choices = following;
                i++;
            }
            else
            {
                flags.Add(word);
            }
        }

        return (choices, [.. flags]);
    }

    static ObjectChoices? Switch(ObjectChoices choices, string word) => word switch
    {
        "--json" => choices with { Style = EventStyle.Json },
        "--text" => choices with { Style = EventStyle.Text },
        "--strict" => choices with { IsStrict = true },
        _ => null,
    };

    static ObjectChoices? Set(PmContext context, ObjectChoices choices, string name, string value) => name switch
    {
        "duration" => choices with { Duration = EventOptions.Time(value) },
        "interface" => choices with { Interface = value },
        "cgroup" => choices with { Cgroup = context.FullPath(value) },
        "frequency" => choices with { Frequency = ObjectOptions.Hertz(value) },
        "at" => choices with { Targets = With(choices.Targets, NamedValues.Split("--at", "PROGRAM=TARGET", "run", value)) },
        "event" => choices with { EventTypes = With(choices.EventTypes, NamedValues.Split("--event", "MAP=TYPE", "run", value)) },
        "map-size" when NamedValues.Split("--map-size", "MAP=N", "run", value) is var (map, size) => choices with { MapSizes = With(choices.MapSizes, (map, ObjectOptions.Size(size))) },
        _ => null,
    };

    static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> values, (string Name, T Value) one) => new(values) { [one.Name] = one.Value };
}
