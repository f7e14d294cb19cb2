using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>What may stand behind the slash of a section.</summary>
public class HookTargetTests
{
    [Theory]
    [InlineData(HookKind.Tracepoint, "sched/sched_switch", true)]
    [InlineData(HookKind.Tracepoint, "sched_switch", false)]
    [InlineData(HookKind.Tracepoint, "sched/", false)]
    [InlineData(HookKind.Tracepoint, "a/b/c", false)]
    [InlineData(HookKind.RawTracepoint, "sched_switch", true)]
    [InlineData(HookKind.RawTracepoint, "sched/sched_switch", false)]
    [InlineData(HookKind.Kprobe, "do_unlinkat", true)]
    [InlineData(HookKind.Kprobe, "do_unlinkat+0x10", true)]
    [InlineData(HookKind.Kprobe, "do_unlinkat+16", true)]
    [InlineData(HookKind.Kprobe, "do_unlinkat+x", false)]
    [InlineData(HookKind.Kprobe, "+16", false)]
    [InlineData(HookKind.Kprobe, "", false)]
    [InlineData(HookKind.Kretprobe, "do_unlinkat", true)]
    [InlineData(HookKind.Kretprobe, "do_unlinkat+16", false)]
    [InlineData(HookKind.Kprobe, "md_mod:md_flush_request+4", true)]
    [InlineData(HookKind.Kretprobe, "md_mod:md_flush_request", true)]
    [InlineData(HookKind.Fentry, "do_unlinkat", true)]
    [InlineData(HookKind.Fentry, "md_mod:md_flush_request", true)]
    [InlineData(HookKind.Fexit, "vmlinux:do_unlinkat", true)]
    [InlineData(HookKind.FmodRet, "do_unlinkat+0", false)]
    [InlineData(HookKind.Fentry, ":md_flush_request", false)]
    [InlineData(HookKind.Fentry, "md_mod:", false)]
    [InlineData(HookKind.Fentry, "a:b:c", false)]
    [InlineData(HookKind.Fentry, "a/b:c", false)]
    [InlineData(HookKind.Uprobe, "/bin/bash:readline", true)]
    [InlineData(HookKind.Uprobe, "libc.so.6:getenv+4", true)]
    [InlineData(HookKind.Uprobe, "/a:b/c:main", true)]
    [InlineData(HookKind.Uprobe, "/bin/bash:0x1f00", true)]
    [InlineData(HookKind.Uprobe, "/bin/bash:0xno", false)]
    [InlineData(HookKind.Uprobe, "/bin/bash", false)]
    [InlineData(HookKind.Uprobe, ":readline", false)]
    [InlineData(HookKind.Uprobe, "/bin/bash:", false)]
    [InlineData(HookKind.Uprobe, "/bin/bash:read\nline", false)]
    [InlineData(HookKind.Uretprobe, "/bin/bash:readline", true)]
    [InlineData(HookKind.Uretprobe, "/bin/bash:readline+4", false)]
    [InlineData(HookKind.Usdt, "libc.so.6:libc:setjmp", true)]
    [InlineData(HookKind.Usdt, "libc.so.6:setjmp", false)]
    [InlineData(HookKind.Usdt, "libc.so.6::setjmp", false)]
    [InlineData(HookKind.Lsm, "file_open", true)]
    [InlineData(HookKind.Lsm, "", false)]
    [InlineData(HookKind.Xdp, "", true)]
    [InlineData(HookKind.SocketMap, "connected", true)]
    [InlineData(HookKind.SocketMap, "", false)]
    [InlineData(HookKind.Extension, "/sys/fs/bpf/x", true)]
    [InlineData(HookKind.Extension, "/sys/fs/bpf/x:answer", true)]
    [InlineData(HookKind.Extension, "/sys/fs/b:pf/x", true)]
    [InlineData(HookKind.Extension, "17:answer", true)]
    [InlineData(HookKind.Extension, "17", true)]
    [InlineData(HookKind.Extension, "answer", false)]
    [InlineData(HookKind.Extension, ":answer", false)]
    [InlineData(HookKind.Extension, "99999999999", false)]
    [InlineData(HookKind.UprobeMulti, "libc.so.6:get*", true)]
    [InlineData(HookKind.UprobeMulti, "/a:b/c:m?in", true)]
    [InlineData(HookKind.UprobeMulti, "/bin/bash", false)]
    [InlineData(HookKind.UprobeMulti, "/bin/bash:", false)]
    [InlineData(HookKind.UprobeMulti, ":get*", false)]
    [InlineData(HookKind.UprobeMulti, "/a:b/c", false)]
    [InlineData(HookKind.Netfilter, "ip4:local-in", true)]
    [InlineData(HookKind.Netfilter, "ip6:post-routing:-100", true)]
    [InlineData(HookKind.Netfilter, "ip4", false)]
    [InlineData(HookKind.Netfilter, "ip4:", false)]
    [InlineData(HookKind.Netfilter, "ip:local-in", false)]
    [InlineData(HookKind.Netfilter, "ip4:local", false)]
    [InlineData(HookKind.Netfilter, "ip4:local-in:", false)]
    [InlineData(HookKind.Netfilter, "ip4:local-in:1:2", false)]
    [InlineData(HookKind.Netfilter, "ip4:local-in:-2147483648", false)]
    [InlineData(HookKind.Netfilter, "ip4:local-in:2147483647", false)]
    [InlineData(HookKind.Netkit, "", true)]
    public void Each_kind_has_its_form(HookKind kind, string target, bool isOne) => Assert.Equal(isOne, HookTarget.IsOne(kind, target));

    [Theory]
    [InlineData("/sys/fs/bpf/x", "/sys/fs/bpf/x:answer")]
    [InlineData("/sys/fs/bpf/x:other", "/sys/fs/bpf/x:other")]
    [InlineData("17", "17:answer")]
    [InlineData("/sys/fs/b:pf/x", "/sys/fs/b:pf/x:answer")]
    public void Which_function_of_another_program_is_meant_a_section_may_say(string said, string target)
    {
        var program = SampleObject.Spec("replacing").Programs.Single();

        Assert.False(HookTarget.IsSaid(program));
        Assert.Equal(target, program.At(said).Hook.Target);
        Assert.True(HookTarget.IsSaid(program.At(said)));
        Assert.False(HookTarget.IsSaid((program with { Hook = program.Hook with { Target = "" } }).At("/sys/fs/bpf/x")));
    }

    [Theory]
    [InlineData("ip4:pre-routing", 2, 0, 0)]
    [InlineData("ip4:local-in:7", 2, 1, 7)]
    [InlineData("ip6:forward:-300", 10, 2, -300)]
    [InlineData("ip6:local-out", 10, 3, 0)]
    [InlineData("ip4:post-routing", 2, 4, 0)]
    public void A_place_of_netfilter_has_the_kernels_numbers(string text, int family, int place, int priority) => Assert.Equal(new NetfilterPlace(family, place, priority), NetfilterPlace.Parse(text));

    [Fact]
    public void Each_example_is_one() =>
        Assert.All(Enum.GetValues<HookKind>().Where(k => HookTarget.Of(k) is not null), kind => Assert.True(HookTarget.IsOne(kind, HookTarget.Of(kind)!.Example), $"{kind}"));

    [Fact]
    public void What_is_said_stands_in_the_place_of_the_section_and_asks_for_the_program()
    {
        var asked = SampleObject.Spec("unplaced").Programs.Single(p => p.Name == "asked");

        var placed = asked.At("/bin/sh:main");

        Assert.Equal(("?uprobe", true, false), (asked.Place, asked.Hook.IsOptional, asked.IsPlaced));
        Assert.Equal(("uprobe//bin/sh:main", false, "?uprobe"), (placed.Place, placed.Hook.IsOptional, placed.Section));
    }
}
