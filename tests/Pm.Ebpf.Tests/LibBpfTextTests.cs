using Pm.Ebpf.Loading;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>What libbpf 1.1 and Linux 6.18 say, as it was seen.</summary>
public class LibBpfTextTests
{
    const string Refused = """
        libbpf: prog 'reads': BPF program load failed: Permission denied
        libbpf: prog 'reads': -- BEGIN PROG LOAD LOG --
        0: R1=ctx() R10=fp0
        ; return *(int *)0; @ x.bpf.c:9
        0: (61) r0 = *(u32 *)(r2 +0)
        R2 !read_ok
        processed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
        -- END PROG LOAD LOG --
        libbpf: prog 'reads': failed to load: -13
        libbpf: failed to load object 'x'

        """;

    [Fact]
    public void The_program_is_the_first_that_is_named()
    {
        Assert.Equal("reads", LibBpfText.ProgramOf(Refused));
        Assert.Null(LibBpfText.ProgramOf("libbpf: failed to load object 'x'\n"));
    }

    [Fact]
    public void The_verdict_is_the_last_word_before_the_counts_and_the_line_it_was_at()
    {
        Assert.True(LibBpfText.HasVerdict(Refused));
        Assert.Equal("R2 !read_ok (x.bpf.c:9: `return *(int *)0;`)", LibBpfText.Verdict(new LibBpfException("load", 13, Refused)));
    }

    /// <summary>Behind its word the verifier shows in which state it was, twice.</summary>
    [Fact]
    public void The_state_that_a_loop_is_in_is_no_verdict()
    {
        var log = Refused.Replace("R2 !read_ok\n", "infinite loop detected at insn 100\ncur state: R0=scalar() R1=1 R10=fp0\nold state: R0=scalar() R1=1 R10=fp0\n", StringComparison.Ordinal);

        Assert.StartsWith("infinite loop detected at insn 100 (", LibBpfText.Verdict(new LibBpfException("load", 22, log)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("; return *(int *)0; @ x.bpf.c:9", "R2 !read_ok (x.bpf.c:9: `return *(int *)0;`)")]
    [InlineData("; return *(int *)0;", "R2 !read_ok (at `return *(int *)0;`)")]
    [InlineData(";  @ x.bpf.c:9", "R2 !read_ok (x.bpf.c:9)")]
    [InlineData("; mail(\"me@ home\");", "R2 !read_ok (at `mail(\"me@ home\");`)")]
    [InlineData(";", "R2 !read_ok")]
    public void A_line_of_source_is_shown_with_its_place_as_far_as_they_are_known(string line, string expected) =>
        Assert.Equal(expected, LibBpfText.Verdict(new LibBpfException("load", 13, $"libbpf: -- BEGIN PROG LOAD LOG --\n{line}\n0: (61) r1 = *(u32 *)(r2 +0)\nR2 !read_ok\n-- END PROG LOAD LOG --\n")));

    [Fact]
    public void Advice_of_the_library_is_left_out()
    {
        const string log = """
            libbpf: Failed to bump RLIMIT_MEMLOCK (err = -1), you might need to do it explicitly!
            libbpf: permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB
            libbpf: prog 'p': BPF program load failed: Operation not permitted

            """;

        Assert.Equal("prog 'p': BPF program load failed: Operation not permitted", LibBpfText.Last(new LibBpfException("load", 1, log)));
        Assert.Equal("Operation not permitted", LibBpfText.Last(new LibBpfException("load", 1, "")));
        Assert.False(LibBpfText.HasVerdict(log));
    }

    [Theory]
    [InlineData("failed to resolve CO-RE relocation <byte_off> [6] struct task_struct___x.no_such_field_pm (0:0 @ offset 0)", "task_struct.no_such_field_pm")]
    [InlineData("failed to resolve CO-RE relocation <type_size> [9] struct nowhere", "nowhere")]
    [InlineData("something else", null)]
    [InlineData("failed to resolve CO-RE relocation ", "")]
    public void A_missing_field_is_named_as_the_kernel_would(string log, string? expected) => Assert.Equal(expected, LibBpfText.MissingField(log));

    [Fact]
    public void A_missing_function_is_known()
    {
        Assert.True(LibBpfText.IsFunctionMissing("libbpf: failed to find kernel BTF type ID of 'md_flush_request': -3\n"));
        Assert.False(LibBpfText.IsFunctionMissing("libbpf: failed to find kernel BTF type ID of 'md_flush_request': -1\n"));
    }

    [Fact]
    public void Names_that_are_near_are_proposed()
    {
        Assert.Equal("; did you mean `sys_enter_openat`, `sys_enter_open`?", Nearest.Suggestion("sys_enter_openatt", ["sys_enter_open", "sys_enter_openat", "sched_switch"]));
        Assert.Equal("", Nearest.Suggestion("x", ["sched_switch"]));
    }
}
