using Pm.Ebpf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>
/// What pm takes for an object goes on to libbpf, which is C and takes much on trust: it opens it, and as root does all that comes before a program is given to the kernel. No map is made, nothing is attached.
/// What breaks libbpf ends the fuzzer; the input is found as after a stack overflow (<see cref="RunningInput"/>).
/// </summary>
static class LibBpfTarget
{
    /// <summary>A type of programs that no kernel has: each is refused as soon as it is there.</summary>
    const int NoType = 0xffff;

    static readonly Lazy<string> Types = new(WriteTypes);

    public static FuzzTarget Value { get; } = new("libbpf", Open)
    {
        Seeds = EbpfTargets.Objects,
        Allowed = [typeof(EbpfFormatException), typeof(NotSupportedException)],
        Damage = ObjectDamage.Change,
    };

    static void Open(byte[] bytes)
    {
        var spec = BpfSpec.Parse(bytes, "x");
        if (!BpfLibrary.TryLoad())
        {
            return;
        }

        // As OperationsRegistration does it.
        var shown = spec.Operations.IsEmpty ? bytes : OperationsSections.Renamed(bytes, "x", OperationsSections.Older);
        try
        {
            using var opened = BpfObject.Open(shown, "x", Types.Value, Numbers(spec));
            Load(opened, spec);
        }
        catch (LibBpfException e)
        {
            // What it says is how far it came: inputs that come further are worth more.
            throw new NotSupportedException(e.Log.Split('\n')[0], e);
        }
    }

    /// <summary>Of all programs, so that libbpf looks for none of them among the kernel's types.</summary>
    static List<HookNumber> Numbers(BpfSpec spec) => [.. spec.Programs.DistinctBy(p => p.Name).Select(p => new HookNumber(p.Name, p.Section, NoType, 0, 0, false))];

    /// <summary>Up to the kernel, where that takes no more than the object.</summary>
    static void Load(BpfObject opened, BpfSpec spec)
    {
        // Of the kernel's symbols libbpf reads all, and for structs of operations all types.
        if (!spec.Operations.IsEmpty || spec.Externals.Any(e => e.Section == ".ksyms"))
        {
            return;
        }

        foreach (var map in opened.Maps)
        {
            map.IsWanted = false;
        }

        foreach (var program in opened.Programs)
        {
            program.IsWanted = true;
        }

        opened.Load();
    }

    /// <summary>Few types in place of the kernel's.</summary>
    static string WriteTypes()
    {
        var path = Path.Join(Path.GetTempPath(), $"pm-fuzz-types-{Environment.ProcessId}");
        File.WriteAllBytes(path, ElfObject.Parse(File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "kernel.o")), "x").Find(".BTF")!.Content.ToArray());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }
}
