using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>What modules have besides their kernel: modules.c wrote the types of two, which go on behind those of kernel.bpf.c.</summary>
public class ModuleTypesTests
{
    static readonly BtfFile Kernel = BtfFile.Parse(ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content, "kernel.o");

    static readonly KernelDescription Described = new() { EventSources = ["kprobe"] };

    /// <summary>Null where it runs, and by which module then.</summary>
    static readonly Dictionary<string, (string? Cause, string Modules)> Expected = new()
    {
        ["own_field"] = (null, "pm_first"),
        ["field_of_kernel"] = (null, "pm_first"),
        ["ambiguous"] = ("the kernel has several types `pm_module_twice`, which differ", ""),
        ["alike"] = (null, "pm_first"),
        ["flavoured"] = (null, "pm_second"),
        ["nowhere"] = ("type `pm_nowhere`, of which `pm_nowhere.field` is read, does not exist in this kernel", ""),
        ["hidden"] = ("field `pm_thing.gone` does not exist in this kernel", ""),
        ["guarded"] = (null, ""),
        ["value"] = (null, "pm_first"),
        ["entered"] = (null, "pm_first"),
        ["probed"] = (null, "pm_first"),
        ["no_entered"] = ("this kernel has no function `pm_no_function` to trace (renamed or inlined?)", ""),
        ["typed"] = (null, "pm_first"),
        ["called"] = (null, ""),
    };

    [Fact]
    public void A_module_goes_on_where_its_kernel_ends()
    {
        var module = Module("pm_first");
        var thing = module.Find(BtfKind.Struct, "pm_module_thing")!.Value;

        Assert.Equal(Kernel.Count, thing.Id);
        Assert.Equal(["int first", "struct pm_inner inner", "int own"], thing.Members.Select(m => $"{m.Type} {m.Name}"));
        Assert.Equal(Kernel.Find(BtfKind.Struct, "pm_inner"), thing.MemberAt(1).Type);
        Assert.Same(Kernel, thing.MemberAt(1).Type.File);
        Assert.Equal(24, BtfLayout.SizeOf(thing.MemberAt(1).Type)!.Value + 8);
        Assert.All(module.Types, t => Assert.True(t.Id >= Kernel.Count));
        Assert.Null(module.Find(BtfKind.Struct, "pm_twice"));
        Assert.Equal(BtfKind.Void, module[0].Kind);
        Assert.Throws<EbpfFormatException>(() => module[module.Count]);
    }

    [Fact]
    public void Without_its_kernel_it_is_refused_and_why_is_said()
    {
        var error = Assert.Throws<EbpfFormatException>(() => BtfFile.Parse(Bytes("pm_first"), "pm_first"));

        Assert.Contains("these are the types of a kernel's module", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BtfFile.Parse(Bytes("pm_second"), "pm_second", Module("pm_first")));
    }

    [Fact]
    public void What_modules_have_counts_where_the_kernel_has_none_of_that_name()
    {
        var fits = Fits(new ModuleTypes(Kernel, Modules()));

        Assert.Equal(
            Expected.Select(e => $"{e.Key}: {e.Value}").Order(StringComparer.Ordinal),
            fits.Select(f => $"{f.Program.Name}: {(f.Findings.FirstOrDefault(x => x.Verdict is FitVerdict.No)?.Cause.Split(" (modular")[0], string.Join(',', f.Modules))}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_unknown_modules_may_have_is_left_open()
    {
        var unknown = ObjectFit.Check(SampleObject.Bytes("modular"), SampleObject.Spec("modular"), new KernelFacts(Kernel, Described with { Modules = ["pm_first"] }));
        var verdicts = unknown.ToDictionary(f => f.Program.Name, f => f.Verdict);

        Assert.All((string[])["own_field", "nowhere", "entered", "typed", "probed"], name => Assert.Equal(FitVerdict.Unknown, verdicts[name]));
        Assert.Equal(FitVerdict.No, verdicts["hidden"]);
        Assert.Contains(unknown, f => f.Findings.Any(x => x.Cause.EndsWith("one of its modules may have it (modular.bpf.c:51)", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_module_is_read_when_something_is_looked_for_that_nothing_before_it_has()
    {
        var read = new List<string>();
        var modules = new ModuleTypes(Kernel, Modules().Select(m =>
        {
            read.Add(m.Name);
            return m;
        }));
        var facts = new KernelFacts(Kernel, KernelDescription.Unknown) { Modules = modules };

        Assert.True(facts.Has(BtfKind.Struct, "pm_thing"));
        Assert.Empty(read);
        Assert.Equal("pm_first", facts.ModuleWith(BtfKind.Function, "pm_module_function"));
        Assert.Equal(["pm_first"], read);
        Assert.False(facts.Has(BtfKind.Function, "pm_no_function"));
        Assert.False(facts.Has(BtfKind.Function, "pm_no_other"));
        Assert.Equal(["pm_first", "pm_second"], read);
    }

    [Fact]
    public void A_module_that_is_not_loaded_is_named_with_what_loads_it()
    {
        var facts = new KernelFacts(Kernel, Described)
        {
            Modules = new ModuleTypes(Kernel, []),
            HasSymbol = _ => false,
            UnloadedModuleWith = name => name == "pm_module_function" ? "pm_first" : null,
        };
        var causes = ObjectFit.Check(SampleObject.Bytes("modular"), SampleObject.Spec("modular"), facts).ToDictionary(f => f.Program.Name, f => string.Join("; ", f.Findings.Select(x => x.Cause)));

        Assert.Contains("no function `pm_module_function` to trace: module `pm_first` has it, which is not loaded (`modprobe pm_first`)", causes["entered"], StringComparison.Ordinal);
        Assert.Contains("no function `pm_module_function` to trace: module `pm_first` has it", causes["probed"], StringComparison.Ordinal);
        Assert.DoesNotContain("module `", causes["no_entered"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_types_of_all_modules_in_one_piece_are_taken_apart()
    {
        byte[] listing = [.. " 444 pm_first\n"u8, .. Bytes("pm_first"), .. "149 pm_second\n"u8, .. Bytes("pm_second")];

        Assert.Equal([("pm_first", 444), ("pm_second", 149)], ModuleListing.Read(listing, "x").Select(m => (m.Name, m.Types.Length)));
        Assert.Equal(["pm_first", "pm_second"], new ModuleTypes(Kernel, ModuleListing.Read(listing, "x")).All.Select(m => m.Name));
        foreach (var wrong in (string[])["444 pm_first", "9 a\n", "-1 a\n", "1 ../a\nx", "1\nx", "x a\n", $"0 {new string('a', 65)}\n"])
        {
            Assert.Throws<EbpfFormatException>(() => ModuleListing.Read(System.Text.Encoding.UTF8.GetBytes(wrong), "x").Count());
        }
    }

    [Fact]
    public void More_modules_than_a_kernel_has_are_refused() =>
        Assert.Throws<EbpfFormatException>(() => new ModuleTypes(Kernel, Enumerable.Repeat(Modules().Last(), BtfLimits.Modules + 1)).All.Count());

    static System.Collections.Immutable.ImmutableArray<ProgramFit> Fits(ModuleTypes modules) =>
        ObjectFit.Check(SampleObject.Bytes("modular"), SampleObject.Spec("modular"), new KernelFacts(Kernel, Described) { Modules = modules });

    static IEnumerable<ModuleBytes> Modules() => ((string[])["pm_first", "pm_second"]).Select(name => new ModuleBytes(name, Bytes(name)));

    static BtfFile Module(string name) => BtfFile.Parse(Bytes(name), name, Kernel);

    static byte[] Bytes(string name) => File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "modules", name));
}
