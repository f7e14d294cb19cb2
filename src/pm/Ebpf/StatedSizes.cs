using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Ebpf;

/// <summary>How large maps are to be as the command line says (<c>--map-size MAP=N</c>).</summary>
static class StatedSizes
{
    /// <exception cref="CommandException">PM1002: there is no such map.</exception>
    public static void Check(BpfSpec spec, IReadOnlyDictionary<string, uint> sizes)
    {
        var names = spec.Maps.Select(m => m.Name).ToList();
        if (sizes.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw CommandException.Usage(
                "PM1002", Hostile.OneLine($"--map-size: {spec.Where} has no map `{unknown}`{(Typo.Nearest(unknown, names) is { } near ? $"; did you mean `{near}`?" : "")}"),
                names.Count == 0 ? null : Hostile.OneLine($"its maps are {string.Join(", ", names)}"));
        }
    }
}
