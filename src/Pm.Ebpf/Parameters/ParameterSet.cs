using System.Collections.Immutable;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;

namespace Pm.Ebpf.Parameters;

/// <summary>The flags that an object has: one for each global that its user may set.</summary>
public sealed class ParameterSet
{
    static readonly string[] Prefixes = ["targ-", "target-", "arg-"];

    readonly Dictionary<string, Parameter> _byName = [];
    readonly Dictionary<char, Parameter> _byLetter = [];
    readonly Dictionary<string, ReadOnlyMemory<byte>> _defaults;

    ParameterSet(ImmutableArray<Parameter> all, ImmutableArray<UnsettableGlobal> unsettable, Dictionary<string, ReadOnlyMemory<byte>> defaults)
    {
        (All, Unsettable, _defaults) = (all, unsettable, defaults);
        foreach (var parameter in all)
        {
            // Two authors' words may be one: the global's own name is no other's.
            if (!_byName.TryAdd(parameter.Name, parameter))
            {
                parameter.Name = Parameter.KebabCase(parameter.Global.Name);
                _byName.TryAdd(parameter.Name, parameter);
            }

            if (parameter.Letter is { } letter && !_byLetter.TryAdd(letter, parameter))
            {
                parameter.Letter = null;
            }
        }

        foreach (var parameter in all)
        {
            _byName.TryAdd(Parameter.KebabCase(parameter.Global.Name), parameter);
        }

        foreach (var parameter in all)
        {
            if (Prefixes.FirstOrDefault(p => parameter.Name.Length > p.Length && parameter.Name.StartsWith(p, StringComparison.Ordinal)) is { } prefix
                && _byName.TryAdd(parameter.Name[prefix.Length..], parameter))
            {
                parameter.Alias = parameter.Name[prefix.Length..];
            }
        }
    }

    /// <summary>In the order of the object.</summary>
    public ImmutableArray<Parameter> All { get; }

    /// <summary>Globals that would be flags if pm knew how to write their values: structs, pointers, arrays of arrays.</summary>
    public ImmutableArray<UnsettableGlobal> Unsettable { get; }

    /// <exception cref="EbpfFormatException">PM8022: a default that its author states is none for the variable.</exception>
    public static ParameterSet Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var known = spec.Globals.Where(g => !g.IsStatic).Select(g => Parameter.Of(g, spec.Notes.Flags.GetValueOrDefault(g.Name))).OfType<Parameter>().ToList();
        var defaults = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var stated in known)
        {
            if (stated.StatedBytes(spec.Where) is { } bytes)
            {
                defaults[stated.Global.Name] = bytes;
            }
        }

        ImmutableArray<Parameter> all = [.. known.Where(p => p.Global.IsParameter)];
        return new ParameterSet(all, [.. spec.Globals.Where(g => g.IsParameter && !all.Any(p => p.Global == g)).Select(g => new UnsettableGlobal(g))], defaults);
    }

    /// <summary>Whether the object has a flag of that letter.</summary>
    public bool Has(char letter) => _byLetter.ContainsKey(letter);

    /// <summary>Reads a command line: <c>--x</c>, <c>--no-x</c>, <c>--x VALUE</c>, <c>--x=VALUE</c>, <c>-x VALUE</c>, <c>-xVALUE</c>. What is said twice is what was said last; of a list all that was said.</summary>
    /// <returns>The bytes for each global that was set, and for those whose author states a default, by name.</returns>
    /// <exception cref="ParameterException">PM8050, PM8051: there is no such flag, or its value will not do.</exception>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Read(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var values = new Dictionary<string, ReadOnlyMemory<byte>>(_defaults);
        var lists = new Dictionary<Parameter, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = Spelled(arguments[i]);
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? argument : argument[..equals];
            var (parameter, isNegated) = Find(flag);

            // One flag has several names: who wrote one of them looks for that one.
            flag = ReferenceEquals(argument, arguments[i]) ? flag : arguments[i][..2];
            if (isNegated && equals >= 0)
            {
                throw new ParameterException("PM8051", $"flag `{flag}` takes no value, got `{argument[(equals + 1)..]}`", Listed());
            }

            var value = equals >= 0 ? argument[(equals + 1)..]
                : parameter.Kind is ParameterKind.Switch ? "true"
                : ++i < arguments.Count ? arguments[i]
                : throw new ParameterException("PM8051", $"flag `{flag}` needs a value: {parameter.Range}", Listed());
            if (parameter.Kind is ParameterKind.List)
            {
                value = lists[parameter] = lists.GetValueOrDefault(parameter) is { Length: > 0 } before && value.Length > 0 ? $"{before},{value}" : value;
            }

            values[parameter.Global.Name] = parameter.Bytes(flag, isNegated ? "false" : value);
        }

        return values;
    }

    /// <summary>With the name in place of the letter.</summary>
    string Spelled(string argument) => argument is ['-', var letter, .. var rest] && _byLetter.TryGetValue(letter, out var parameter)
        ? rest.Length == 0 ? "--" + parameter.Name : $"--{parameter.Name}={(rest[0] == '=' ? rest[1..] : rest)}"
        : argument;

    (Parameter Parameter, bool IsNegated) Find(string flag)
    {
        var name = flag.StartsWith("--", StringComparison.Ordinal) ? flag[2..] : "";
        if (_byName.TryGetValue(name, out var parameter) || _byName.TryGetValue(name = name.Replace('_', '-'), out parameter))
        {
            return (parameter, false);
        }

        if (name.StartsWith("no-", StringComparison.Ordinal) && _byName.TryGetValue(name[3..], out parameter) && parameter.Kind is ParameterKind.Switch)
        {
            return (parameter, true);
        }

        if (Unsettable.FirstOrDefault(u => u.Name == (name.StartsWith("no-", StringComparison.Ordinal) ? name[3..] : name) || u.Name == name) is { } unsettable)
        {
            throw new ParameterException("PM8050", $"there is no flag `{flag}`: global `{unsettable.Global.Name}` is of type {unsettable.Type}, which none can set", Listed());
        }

        throw new ParameterException("PM8050", $"there is no flag `{flag}`{Nearest.Suggestion(flag, _byName.Keys.Select(k => "--" + k))}", Listed());
    }

    string Listed() => All.IsEmpty ? "the object has no flags" : $"its flags are {string.Join(", ", All.Select(p => "--" + p.Name))}";
}
