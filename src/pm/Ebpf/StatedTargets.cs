using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Ebpf;

/// <summary>Where programs are to be attached as the command line says (<c>--at PROGRAM=TARGET</c>), in place of their sections.</summary>
static class StatedTargets
{
    /// <summary>The object with its programs there.</summary>
    /// <param name="context">Whose working directory paths are relative to.</param>
    /// <param name="spec">The object.</param>
    /// <param name="targets">Targets by the names of programs.</param>
    /// <exception cref="CommandException">PM8043: there is no such program, or that is nothing that it could be attached to.</exception>
    public static BpfSpec Apply(PmContext context, BpfSpec spec, IReadOnlyDictionary<string, string> targets)
    {
        if (targets.Count == 0)
        {
            return spec;
        }

        foreach (var (name, target) in targets)
        {
            Check(spec, name, target);
        }

        return spec with { Programs = [.. spec.Programs.Select(p => targets.TryGetValue(p.Name, out var target) ? p.At(Full(context, p.Hook.Kind, target)) : p)] };
    }

    static void Check(BpfSpec spec, string name, string target)
    {
        if (spec.Programs.FirstOrDefault(p => p.Name == name) is not { } program)
        {
            var names = spec.Programs.Select(p => p.Name).ToList();
            throw Refused($"--at: {spec.Where} has no program `{name}`{(Typo.Nearest(name, names) is { } near ? $"; did you mean `{near}`?" : "")}", $"its programs are {string.Join(", ", names)}");
        }

        if (HookTarget.Of(program.Hook.Kind) is not { } form)
        {
            throw Refused($"--at: program `{name}` ({program.Section}) is attached to nothing that has such a name", program.Hook.Kind switch
            {
                HookKind.Xdp or HookKind.TrafficControl or HookKind.SocketFilter => "`pm run --interface NAME …` says where it looks at packets",
                HookKind.Cgroup or HookKind.SocketOperations => "`pm run --cgroup DIR …` says which control group it is for",
                HookKind.PerfEvent => "`pm run --frequency HZ …` says how often it is called",
                _ => "see `pm help run`",
            });
        }

        if (!HookTarget.IsOne(program.Hook.Kind, target))
        {
            throw Refused($"--at: program `{name}` ({program.Section}): expected {form.Form}, got `{target}`", $"`pm run --at {name}={form.Example} …`");
        }
    }

    /// <summary>A path is one from here; a name alone is looked for among libraries and programs.</summary>
    static string Full(PmContext context, HookKind kind, string target)
    {
        if (kind is not (HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt))
        {
            return target;
        }

        var file = kind is HookKind.Usdt ? target[..target.LastIndexOf(':')] : target;
        file = file[..file.LastIndexOf(':')];
        return file.Contains('/', StringComparison.Ordinal) ? context.FullPath(file) + target[file.Length..] : target;
    }

    static CommandException Refused(string message, string hint) => CommandException.Usage("PM8043", Hostile.OneLine(message), Hostile.OneLine(hint));
}
