using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>Finds what programs with types are for, among the types of the kernel itself. Source: find_attach_btf_id of libbpf.</summary>
static class HookNumbers
{
    const int Tracing = 26; // BPF_PROG_TYPE_TRACING
    const int Decision = 29; // BPF_PROG_TYPE_LSM

    /// <summary>Programs of these kinds are loaded with the number of a type.</summary>
    public static bool Concerns(ProgramSpec program) => Kinds(program) is not null;

    /// <returns>One for each; null where one is for nothing that the kernel itself has, or in words that are left to libbpf.</returns>
    /// <exception cref="EbpfFormatException">PM8021: the kernel's types break a rule of the format.</exception>
    public static List<HookNumber>? Find(BtfFile kernel, IReadOnlyList<ProgramSpec> programs)
    {
        var wanted = new List<(ProgramSpec Program, string Section, HookType Type, string Name)>();
        foreach (var program in programs)
        {
            // What is in a module has a number of the module's. A section that ends so is a pattern to libbpf.
            var section = program.Section.TrimStart('?');
            if (Kinds(program) is not { } type || program.Hook.Target is "" || program.Hook.Target.Contains(':', StringComparison.Ordinal) || section is "" or [.., '+' or '/'])
            {
                return null;
            }

            wanted.Add((program, section, type, type.Prefix + program.Hook.Target));
        }

        if (wanted.DistinctBy(w => w.Program.Name).Count() < wanted.Count)
        {
            return null;
        }

        kernel.Expect(wanted.Select(w => w.Name));
        var numbers = new List<HookNumber>();
        foreach (var (program, section, type, name) in wanted)
        {
            if (kernel.Find(type.Kind, name) is not { } found)
            {
                return null;
            }

            numbers.Add(new HookNumber(program.Name, section, type.Program, type.Attach, found.Id, program.Hook.IsSleepable));
        }

        return numbers;
    }

    /// <summary>Numbers as in bpf_attach_type of linux/bpf.h.</summary>
    static HookType? Kinds(ProgramSpec program) => program.Hook.Kind switch
    {
        HookKind.TypedTracepoint => new(Tracing, 23, BtfKind.Typedef, "btf_trace_"),
        HookKind.Fentry => new(Tracing, 24, BtfKind.Function, ""),
        HookKind.Fexit => new(Tracing, 25, BtfKind.Function, ""),
        HookKind.FmodRet => new(Tracing, 26, BtfKind.Function, ""),
        HookKind.Lsm => new(Decision, 27, BtfKind.Function, "bpf_lsm_"),
        HookKind.LsmCgroup => new(Decision, 43, BtfKind.Function, "bpf_lsm_"),
        HookKind.Iterator => new(Tracing, 28, BtfKind.Function, "bpf_iter_"),
        _ => null,
    };

    sealed record HookType(int Program, int Attach, BtfKind Kind, string Prefix);
}
