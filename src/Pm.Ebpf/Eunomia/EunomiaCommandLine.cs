using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pm.Ebpf.Parameters;

namespace Pm.Ebpf.Eunomia;

/// <summary>The command line that a package has by its variables. Source: docs/formats/eunomia-json.md, "Flags".</summary>
public sealed class EunomiaCommandLine
{
    const string DefaultVersion = "0.1.0";
    const string DefaultDescription = "A simple eBPF program";
    const string DefaultDetails = "Built with eunomia-bpf framework.\nSee https://github.com/eunomia-bpf/eunomia-bpf for more information.";

    readonly EunomiaMeta _meta;
    readonly Dictionary<string, EunomiaFlag> _byName = new(StringComparer.Ordinal);

    EunomiaCommandLine(EunomiaMeta meta, ImmutableArray<EunomiaFlag> flags)
    {
        (_meta, Flags) = (meta, flags);
        foreach (var flag in flags)
        {
            Add("--" + flag.LongName, flag);
            if (flag.ShortName is not null)
            {
                Add("-" + flag.ShortName, flag);
            }
        }
    }

    /// <summary>In the order of the package.</summary>
    public ImmutableArray<EunomiaFlag> Flags { get; }

    /// <summary>All words that stand for something, without dashes.</summary>
    public IEnumerable<string> Names => _byName.Keys.Select(k => k.TrimStart('-'));

    /// <exception cref="EbpfFormatException">PM8064: the package says of a variable what it cannot mean.</exception>
    public static EunomiaCommandLine Of(EunomiaMeta meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        return new EunomiaCommandLine(meta, [.. meta.Variables.Where(v => v.IsFlag).Select(EunomiaFlag.Of)]);
    }

    /// <summary>What each variable is set to, by its name; those that nobody says anything of are missing.</summary>
    /// <exception cref="ParameterException">PM8050: there is no such flag; PM8051: a value is missing, or there twice.</exception>
    public EunomiaArguments Parse(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var isVerbose = _meta.IsVerbose;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--verbose")
            {
                isVerbose = true;
                continue;
            }

            var (flag, attached) = Find(word);
            var value = flag.Switch is { } set
                ? attached is null ? set ? "true" : "false" : throw Wrong($"unexpected value `{attached}` for `{word.Split('=')[0]}` found; no more were expected")
                : attached ?? (i + 1 < arguments.Count && IsValue(arguments[i + 1]) ? arguments[++i] : throw Wrong($"a value is required for `{Shown(flag)}` but none was supplied"));
            if (!values.TryAdd(flag.Variable.Name, value))
            {
                throw Wrong($"the argument `{Shown(flag)}` cannot be used multiple times");
            }
        }

        foreach (var flag in Flags.Where(f => f.Default is not null))
        {
            values.TryAdd(flag.Variable.Name, flag.Default!);
        }

        return new EunomiaArguments(values, isVerbose);
    }

    /// <summary>The text of <c>--help</c>.</summary>
    public string Help()
    {
        var rows = Flags.Select(f => ((f.ShortName is null ? "    " : $"-{f.ShortName}, ") + Shown(f), f.Help + (f.Default is null || f.Switch is not null ? "" : $" [default: {f.Default}]")))
            .Prepend(("    --verbose", "Whether to show libbpf debug information"))
            .Append(("-h, --help", "Print help"))
            .Append(("-V, --version", "Print version")).ToList();
        var width = rows.Max(r => r.Item1.Length);
        var text = new StringBuilder();
        text.Append(_meta.Doc.Brief ?? _meta.Doc.Description ?? DefaultDescription).Append("\n\nUsage: ").Append(_meta.Name).Append(" [OPTIONS]\n\nOptions:\n");
        foreach (var (flag, help) in rows)
        {
            text.Append("  ").Append(flag.PadRight(width)).Append("  ").Append(help).Append('\n');
        }

        return text.Append('\n').Append(_meta.Doc.Details ?? DefaultDetails).ToString();
    }

    /// <summary>The text of <c>--version</c>.</summary>
    public string Version() => $"{_meta.Name} {_meta.Doc.Version ?? DefaultVersion}";

    static string Shown(EunomiaFlag flag) => flag.Switch is null ? $"--{flag.LongName} <{flag.Variable.Name}>" : $"--{flag.LongName}";

    /// <summary>The next word may be one: only numbers begin with a dash.</summary>
    static bool IsValue(string word) =>
        !word.StartsWith('-') || word.Length == 1 || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    void Add(string name, EunomiaFlag flag)
    {
        if (name is "--verbose" or "--help" or "--version" or "-h" or "-V" || !_byName.TryAdd(name, flag))
        {
            throw new EbpfFormatException("PM8064", $"variable `{flag.Variable.Name}`: its flag `{name}` is another's");
        }
    }

    (EunomiaFlag Flag, string? Value) Find(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (_byName.TryGetValue(equals < 0 ? word : word[..equals], out var flag))
        {
            return (flag, equals < 0 ? null : word[(equals + 1)..]);
        }

        // One character, and its value right behind it.
        if (word is ['-', not '-', _, ..] && StringInfo.GetNextTextElementLength(word, 1) is var length && word.Length > 1 + length && _byName.TryGetValue(word[..(1 + length)], out flag) && flag.Switch is null)
        {
            return (flag, word[(1 + length)..]);
        }

        throw new ParameterException("PM8050", $"unexpected argument `{word}` found{Probing.Nearest.Suggestion(word, _byName.Keys)}", $"`--help` lists the flags of {_meta.Name}");
    }

    ParameterException Wrong(string message) => new("PM8051", message, $"`--help` lists the flags of {_meta.Name}");
}
