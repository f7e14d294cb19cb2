using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>Functions of a module that is named: <c>fentry/MODULE:FUNCTION</c>. pm_first, of modules.c, has pm_module_function, and pm_second has none.</summary>
public class ModuleFunctionTests
{
    static readonly BtfFile Kernel = BtfFile.Parse(ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content, "kernel.o");

    static readonly KernelDescription Described = new() { EventSources = ["kprobe"], Programs = ImmutableSortedDictionary<string, bool>.Empty.Add("fentry", true) };

    [Theory]
    [InlineData("pm_first:pm_module_function", FitVerdict.Yes, "", "pm_first")]
    [InlineData("pm_second:pm_module_function", FitVerdict.No, "module `pm_second` has no function `pm_module_function` to trace (renamed or inlined?)", "")]
    [InlineData("pm_third:pm_module_function", FitVerdict.No, "module `pm_third` is not loaded (`modprobe pm_third`), or there is none", "")]
    [InlineData("vmlinux:pm_module_function", FitVerdict.No, "the kernel itself has no function `pm_module_function` to trace", "")]
    public void A_function_is_that_of_its_module(string target, FitVerdict verdict, string cause, string modules)
    {
        var fit = Fit("entered", target, new KernelFacts(Kernel, Described) { Modules = Modules("pm_first", "pm_second") });

        Assert.Equal((verdict, cause, modules), (fit.Verdict, string.Join("; ", fit.Findings.Select(f => f.Cause)), string.Join(", ", fit.Modules)));
    }

    /// <summary>libbpf is told the name of the function alone.</summary>
    [Fact]
    public void A_function_that_several_have_is_refused()
    {
        var bytes = Bytes("pm_first");
        var fit = Fit("entered", "pm_copy:pm_module_function", new KernelFacts(Kernel, Described) { Modules = new ModuleTypes(Kernel, [new("pm_first", bytes), new("pm_copy", bytes)]) });

        Assert.Equal(("PM8039", "module `pm_first` has a function `pm_module_function`, too, and libbpf cannot be told which is meant"), (fit.Findings.Single().Code, fit.Findings.Single().Cause));
    }

    [Theory]
    [InlineData("", FitVerdict.Unknown, "which functions module `pm_first` has is not known")]
    [InlineData("pm_first", FitVerdict.Unknown, "which functions module `pm_first` has is not known")]
    [InlineData("pm_second", FitVerdict.No, "module `pm_first` is not loaded (`modprobe pm_first`), or there is none")]
    public void Of_modules_whose_types_are_not_known_their_names_are(string loaded, FitVerdict verdict, string cause)
    {
        var fit = Fit("entered", "pm_first:pm_module_function", new KernelFacts(Kernel, Described with { Modules = [.. loaded.Split(',', StringSplitOptions.RemoveEmptyEntries)] }));

        Assert.Equal((verdict, cause), (fit.Verdict, fit.Findings.Single().Cause));
    }

    [Theory]
    [InlineData("pm_first:pm_module_function", FitVerdict.Yes)]
    [InlineData("pm_first:pm_module_function+0x4", FitVerdict.Yes)]
    [InlineData("pm_second:pm_module_function", FitVerdict.Unknown)]
    public void A_kprobe_may_be_at_a_function_without_types(string target, FitVerdict verdict) =>
        Assert.Equal(verdict, Fit("probed", target, new KernelFacts(Kernel, Described) { Modules = Modules("pm_first", "pm_second") }).Verdict);

    /// <summary>pm_module_function takes one.</summary>
    [Fact]
    public void What_it_gives_is_known()
    {
        var kernel = new KernelFacts(Kernel, Described) { Modules = Modules("pm_first") };

        Assert.Equal(1, HookArguments.Of(new ProgramHook(HookKind.Fentry, "pm_first:pm_module_function"), kernel));
        Assert.Null(HookArguments.Of(new ProgramHook(HookKind.Fentry, "vmlinux:pm_module_function"), kernel));
    }

    [Fact]
    public void Functions_that_a_pattern_stands_for_and_system_calls_are_looked_for_among_the_kernels_names()
    {
        var kernel = new KernelFacts(null, new KernelDescription { TypesDigest = "", EventSources = ["kprobe"] }) { HasSymbol = name => name == "__x64_sys_unlinkat", HasSymbolLike = pattern => pattern == "do_*" };

        Assert.DoesNotContain(Aimed("many", "do_*", kernel).Findings, f => f.Code == "PM8034");
        Assert.Contains(Aimed("many", "pm_*", kernel).Findings, f => f is { Verdict: FitVerdict.No, Cause: "this kernel has no function to trace that `pm_*` stands for" });
        Assert.DoesNotContain(Aimed("call_done", "unlinkat", kernel).Findings, f => f.Code == "PM8034");
        Assert.Contains(Aimed("call_done", "unlinkatt", kernel).Findings, f => f is { Verdict: FitVerdict.No, Cause: "this kernel has no system call `unlinkatt`" });
    }

    static ProgramFit Aimed(string program, string target, KernelFacts kernel)
    {
        var spec = SampleObject.Spec("aimed");
        return ObjectFit.Check(SampleObject.Bytes("aimed"), spec with { Programs = [.. spec.Programs.Where(p => p.Name == program).Select(p => p.At(target))] }, kernel).Single();
    }

    static ProgramFit Fit(string program, string target, KernelFacts kernel)
    {
        var spec = SampleObject.Spec("modular");
        var named = spec with { Externals = [], Programs = [.. spec.Programs.Where(p => p.Name == program).Select(p => p.At(target))] };
        return ObjectFit.Check(SampleObject.Bytes("modular"), named, kernel).Single();
    }

    static ModuleTypes Modules(params string[] names) => new(Kernel, names.Select(n => new ModuleBytes(n, Bytes(n))));

    static byte[] Bytes(string name) => File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "modules", name));
}
