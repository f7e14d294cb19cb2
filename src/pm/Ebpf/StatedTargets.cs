using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Ebpf;

/// <summary>Where programs are to be attached as the command line says (<c>--at PROGRAM=TARGET</c>), in place of their sections; or that one is to be left out (<c>--at PROGRAM=none</c>).</summary>
static class StatedTargets
{
    /// <summary>The object with its programs there, to be run here.</summary>
    /// <param name="context">Whose working directory paths are relative to.</param>
    /// <param name="spec">The object.</param>
    /// <param name="targets">Targets by the names of programs.</param>
    /// <exception cref="CommandException">PM8043: there is no such program, or that is nothing that it could be attached to.</exception>
    public static BpfSpec Apply(PmContext context, BpfSpec spec, IReadOnlyDictionary<string, string> targets) => Apply("run", [spec], targets, context.FullPath)[0];

    /// <summary>The objects with their programs there: a name is that of a program of one of them at least.</summary>
    /// <param name="verb">Which of pm's was asked.</param>
    /// <param name="specs">The objects.</param>
    /// <param name="targets">Targets by the names of programs.</param>
    /// <param name="fullPath">What a path means.</param>
    /// <exception cref="CommandException">PM8043: there is no such program, or that is nothing that it could be attached to.</exception>
    public static IReadOnlyList<BpfSpec> Apply(string verb, IReadOnlyList<BpfSpec> specs, IReadOnlyDictionary<string, string> targets, Func<string, string> fullPath)
    {
        if (targets.Count == 0)
        {
            return specs;
        }

        foreach (var (name, target) in targets)
        {
            Check(verb, specs, name, target);
        }

        return [.. specs.Select(spec => spec with { Programs = [.. spec.Programs.Select(p => !targets.TryGetValue(p.Name, out var target) ? p : target == HookTarget.None ? p.Left() : p.At(Full(p.Hook.Kind, target, fullPath)))] })];
    }

    static void Check(string verb, IReadOnlyList<BpfSpec> specs, string name, string target)
    {
        var named = specs.SelectMany(s => s.Programs).Where(p => p.Name == name).ToList();
        if (named.Count == 0)
        {
            var names = specs.SelectMany(s => s.Programs).Select(p => p.Name).Distinct().ToList();
            throw Refused(
                $"--at: {(specs is [var only] ? $"{only.Where} has no program" : "none of the objects has a program")} `{name}`{(Typo.Nearest(name, names) is { } near ? $"; did you mean `{near}`?" : "")}",
                specs.Count == 1 ? $"its programs are {string.Join(", ", names)}" : $"their programs are {string.Join(", ", names)}");
        }

        foreach (var program in named)
        {
            Check(verb, program, target);
        }
    }

    static void Check(string verb, ProgramSpec program, string target)
    {
        if (target == HookTarget.None)
        {
            if (program.Hook.Kind is HookKind.StructOperations)
            {
                throw Refused($"--at: program `{program.Name}` ({program.Section}) stands in a struct with others, of which the kernel takes all or none", $"see `pm help {verb}`");
            }

            return;
        }

        if (HookTarget.Of(program.Hook.Kind) is not { } form)
        {
            throw Refused($"--at: program `{program.Name}` ({program.Section}) is attached to nothing that has such a name", program.Hook.Kind switch
            {
                HookKind.Xdp or HookKind.TrafficControl or HookKind.Netkit or HookKind.SocketFilter => "`pm run --interface NAME …` says where it looks at packets",
                HookKind.Cgroup or HookKind.SocketOperations => "`pm run --cgroup DIR …` says which control group it is for",
                HookKind.PerfEvent => "`pm run --frequency HZ …` says how often it is called",
                _ => $"see `pm help {verb}`",
            });
        }

        if (!HookTarget.IsOne(program.Hook.Kind, target))
        {
            throw Refused($"--at: program `{program.Name}` ({program.Section}): expected {form.Form}, got `{target}`", $"`pm {verb} --at {program.Name}={form.Example} …`");
        }
    }

    /// <summary>A name alone is looked for among libraries and programs, or among the object's maps.</summary>
    static string Full(HookKind kind, string target, Func<string, string> fullPath)
    {
        if (kind is HookKind.MapIterator or HookKind.SocketMap && target.Contains('/', StringComparison.Ordinal))
        {
            return fullPath(target);
        }

        if (kind is HookKind.Extension)
        {
            return ReplacedFunction.Of(target) is { IsNumber: false } function ? fullPath(function.Program) + target[function.Program.Length..] : target;
        }

        if (kind is not (HookKind.Uprobe or HookKind.Uretprobe or HookKind.UprobeMulti or HookKind.Usdt))
        {
            return target;
        }

        var file = kind is HookKind.Usdt ? target[..target.LastIndexOf(':')] : target;
        file = file[..file.LastIndexOf(':')];
        return file.Contains('/', StringComparison.Ordinal) ? fullPath(file) + target[file.Length..] : target;
    }

    static CommandException Refused(string message, string hint) => CommandException.Usage("PM8043", Hostile.OneLine(message), Hostile.OneLine(hint));
}
