using System.Runtime.InteropServices;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>What programs with types are for: the oracle is libbpf, which finds the same in the types of this kernel.</summary>
public sealed class HookNumbersTests
{
    static readonly KernelProbe Kernel = new();

    [Theory]
    [InlineData("tp_btf/sched_process_exec", "sched_process_exec", 23)]
    [InlineData("fentry/vfs_open", "vfs_open", 24)]
    [InlineData("fentry.s/vfs_open", "vfs_open", 24)]
    [InlineData("?fexit/vfs_open", "vfs_open", 25)]
    [InlineData("fmod_ret/vfs_open", "vfs_open", 26)]
    [InlineData("lsm/file_open", "file_open", 27)]
    [InlineData("lsm.s/file_open", "file_open", 27)]
    [InlineData("lsm_cgroup/socket_bind", "socket_bind", 43)]
    [InlineData("iter/task", "task", 28)]
    public void They_are_found_where_libbpf_finds_them(string section, string name, int attachType)
    {
        Assert.SkipUnless(Kernel.Types is not null, "this kernel says no types");
        var expected = Oracle(name, attachType);
        Assert.SkipUnless(expected > 0, $"this kernel has no {section}");

        var number = Assert.Single(HookNumbers.Find(Kernel.Types!, [Program(section)])!);

        Assert.Equal(("it", section.TrimStart('?'), attachType, expected), (number.Program, number.Section, number.AttachType, number.TypeId));
        Assert.Equal(section.Contains(".s/", StringComparison.Ordinal), number.IsSleepable);
        Assert.Equal(section.StartsWith("lsm", StringComparison.Ordinal) ? 29 : 26, number.ProgramType);
    }

    /// <summary>A module's, nobody's, those whose user has yet to say it, and what would be a pattern.</summary>
    [Theory]
    [InlineData("fentry/md_mod:md_flush_request")]
    [InlineData("fentry/pm_no_such_function")]
    [InlineData("fentry")]
    [InlineData("tp_btf/vfs_open")]
    [InlineData("kprobe/vfs_open")]
    public void The_rest_is_left_to_libbpf(string section)
    {
        Assert.SkipUnless(Kernel.Types is not null, "this kernel says no types");

        Assert.Null(HookNumbers.Find(Kernel.Types!, [Program("tp_btf/sched_process_exec"), Program(section) with { Name = "other" }]));
    }

    [Fact]
    public void Two_of_one_name_are_left_to_libbpf()
    {
        Assert.SkipUnless(Oracle("vfs_open", 24) > 0 && Oracle("sched_process_exec", 23) > 0, "this kernel has not both");
        var (first, second) = (Program("tp_btf/sched_process_exec"), Program("fentry/vfs_open"));

        Assert.Equal(2, HookNumbers.Find(Kernel.Types!, [first, second with { Name = "other" }])!.Count);
        Assert.Null(HookNumbers.Find(Kernel.Types!, [first, second]));
    }

    /// <summary>Their user says what they are for; as a handler's such a section would be a pattern.</summary>
    [Theory]
    [InlineData("fentry", true)]
    [InlineData("fentry/", false)]
    [InlineData("fentry+", false)]
    public void A_section_that_libbpf_reads_as_a_pattern_is_left_to_it(string section, bool isFound)
    {
        Assert.SkipUnless(Oracle("vfs_open", 24) > 0, "this kernel has no such function");
        var program = Program("fentry/vfs_open") with { Section = section };

        Assert.Equal(isFound, HookNumbers.Find(Kernel.Types!, [program]) is not null);
    }

    /// <summary>Whatever fails that way is tried again in libbpf's, so nobody else would notice.</summary>
    [Theory]
    [InlineData("executed")]
    [InlineData("walked")]
    public void They_are_loaded_by_them(string name)
    {
        Assert.SkipUnless(Kernel is { MayTrace: true, Types: not null }, "needs the right to load programs, and a kernel that says its types");
        var spec = SampleObject.Spec(name);

        using var running = ObjectStart.Run(SampleObject.Bytes(name), spec, new RunOptions { Name = name }, Kernel);

        Assert.Empty(running.Refused);
        Assert.Equal(spec.Programs.Select(p => p.Name).Order(), running.Told.Order());
    }

    [Theory]
    [InlineData("executed", 1)]
    [InlineData("walked", 1)]
    [InlineData("opens", 0)]
    public void For_an_object_all_that_libbpf_would_look_up_is_told_it(string name, int numbers)
    {
        Assert.SkipUnless(Kernel.Types is not null, "this kernel says no types");
        var spec = SampleObject.Spec(name);
        using var excerpt = new KernelExcerpt(spec, Kernel);

        excerpt.Prepare(spec.Programs);

        Assert.Equal((numbers > 0 || spec.Extension is { Relocations.IsEmpty: false }, numbers), (excerpt.IsUsed, excerpt.Numbers.Count));
    }

    static ProgramSpec Program(string section) => SampleObject.Spec("executed").Programs[0] with { Name = "it", Section = section, Hook = ProgramHook.Parse(section) };

    /// <returns>Below zero: there is none.</returns>
    static int Oracle(string name, int attachType)
    {
        Assert.SkipUnless(NativeLibrary.TryLoad("libbpf.so.1", out var library), "libbpf is not installed");
        return Marshal.GetDelegateForFunctionPointer<Find>(NativeLibrary.GetExport(library, "libbpf_find_vmlinux_btf_id"))(name, attachType);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int Find([MarshalAs(UnmanagedType.LPUTF8Str)] string name, int attachType);
}
