using System.Runtime.CompilerServices;
using System.Text;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Objects;
using Pm.Linux;
using Xunit;

namespace Pm.Stages.Tests.Building;

/// <summary>Sources as people write them, each in another manner: they compile as they are. None is known by its name.</summary>
public sealed class EbpfStyleTests
{
    /// <param name="folder">Below styles.</param>
    /// <param name="module">Its source, without the ending that most have.</param>
    /// <param name="programs">What is in the object.</param>
    /// <param name="events">The types of its events.</param>
    /// <param name="flags">With what it had to be compiled besides the usual.</param>
    [Theory]
    [InlineData("bootstrap", "proc", "handle_exec", "event", "")]
    [InlineData("tools", "lat", "sched_wakeup sched_switch", "", "-mcpu=v3")]
    [InlineData("generated", "cmd/trace", "kprobe_execve", "event", "-Iheaders")]
    [InlineData("commented", "opens", "trace_open", "event", "")]
    [InlineData("packets", "count", "xdp_count tc_pass", "", "-D__x86_64__")]
    [InlineData("probes", "calls", "enter leave handle", "", "")]
    [InlineData("functions", "tasks", "on_new", "", "-D__PM_DECLARED_bpf_task_acquire -D__PM_DECLARED_bpf_task_release -mcpu=v3")]
    [InlineData("rings", "told", "handle", "event", "")]
    [InlineData("typedefs", "exits", "leave", "exit_told_t", "-D__PM_WITHOUT_elsewhere_t")]
    [InlineData("nameless", "starts", "begin", "started_t", "")]
    [InlineData("wrapped", "own", "handle", "event", "-D__PM_NOT_COUNTED")]
    [InlineData("elders", "waits", "on_exit on_bio", "", "-D__PM_FORMER_task_struct_state -D__PM_FORMER_bio_bi_disk")]
    [InlineData("redefined", "sums", "count", "", "-D__PM_OWN_bpf_iter_num -D__PM_OWN_BPF_F_GET_BRANCH_RECORDS_SIZE -mcpu=v3")]
    [InlineData("plain", "forks.c", "on_fork", "", "-Iheaders -idirafter/usr/include/bpf")]
    [InlineData("oldmaps", "seen_kern.c", "count", "", "-D__PM_OLD_MAPS -D__PM_SHORT_NAMES")]
    [InlineData("parts", "main", "leave", "told", "")]
    [InlineData("nested", "begun", "begun", "told", "-Iinclude")]
    [InlineData("within", "small.c", "walk", "", "")]
    [InlineData("brought", "parts", "leave", "", "-fms-extensions")]
    [InlineData("helpers", "first", "first", "", "-D__PM_HELPER_bpf_xdp_load_bytes")]
    public async Task It_compiles_as_it_is(string folder, string module, string programs, string events, string flags)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        Assert.SkipUnless(File.Exists("/usr/include/bpf/bpf_helpers.h"), "there are no headers of libbpf");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
        var name = Path.GetFileNameWithoutExtension(module);
        var source = module.EndsWith(".c", StringComparison.Ordinal) ? module : module + ".bpf.c";
        using var sandbox = new BuildSandbox($"package = {{ name = '{name}', version = '1.0.0' }}\nmodule = [{{ name = '{name}', source = '{source}' }}]");
        Copy(Styles(), folder, sandbox);

        var built = await sandbox.BuildAsync();

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(built, $"lib/bpf/{name}.bpf.o"), name);
        Assert.Equal(programs.Split(' ').Order(), spec.Programs.Select(p => p.Name).Order());
        Assert.Equal(events, string.Join(' ', spec.Events.Select(e => e.Type?.Name)));
        var said = Encoding.UTF8.GetString(built.Package.MetaFiles["meta/ebpf.json"].Span);
        // What one compiler misses, another may have.
        Assert.All(IsTheOneThatMisses() ? flags.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [], flag => Assert.Contains($"\"{flag}\"", said, StringComparison.Ordinal));
        Assert.True(flags.Contains("-mcpu", StringComparison.Ordinal) == said.Contains("-mcpu", StringComparison.Ordinal), said);
        Assert.Equal(spec.Programs.Any(p => p.Helpers.Any(WritesToRing)) && folder != "wrapped", spec.Globals.Any(g => g.Name == LossCounters.Own));
        Assert.DoesNotContain(LossCounters.Own, said, StringComparison.Ordinal);
        Assert.True(flags.Length > 0 || !said.Contains("compiled_with", StringComparison.Ordinal), said);
    }

    /// <summary>Of what may find no place there: bpf_ringbuf_output, bpf_ringbuf_reserve, bpf_ringbuf_reserve_dynptr.</summary>
    static bool WritesToRing(int helper) => helper is 130 or 131 or 198;

    /// <summary>As Debian 12 has it, on a machine of its most usual kind.</summary>
    static bool IsTheOneThatMisses() => File.Exists("/usr/lib/llvm-14/bin/clang") && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.X64;

    [Fact]
    public async Task Maps_of_the_old_form_are_what_they_were()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        Assert.SkipUnless(File.Exists("/usr/include/bpf/bpf_helpers.h"), "there are no headers of libbpf");
        using var sandbox = new BuildSandbox("package = { name = 'old', version = '1.0.0' }\nmodule = [{ name = 'seen', source = 'seen_kern.c' }]");
        Copy(Styles(), "oldmaps", sandbox);

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/seen.bpf.o"), "seen");

        Assert.Equal(
            [("by_length", MapKind.Hash, 4u, 8u, 16u), ("by_processor", MapKind.PerCpuArray, 4u, 16u, 3u)],
            spec.Maps.Where(m => m.Name.StartsWith("by_", StringComparison.Ordinal)).Select(m => (m.Name, m.Kind, (uint)m.KeySize, (uint)m.ValueSize, (uint)m.MaximumEntries)).Order());
        Assert.Equal(HookKind.Xdp, Assert.Single(spec.Programs).Hook.Kind);
    }

    [Fact]
    public async Task An_event_that_is_a_number_is_what_the_manifest_says()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        Assert.SkipUnless(File.Exists("/usr/include/bpf/bpf_helpers.h"), "there are no headers of libbpf");
        using var sandbox = new BuildSandbox("package = { name = 'one', version = '1.0.0' }\nmodule = [{ name = 'one', events = { ring = { type = 'u64' } } }]");
        sandbox.Write("one.bpf.c", """
            #include <linux/bpf.h>
            #include <bpf/bpf_helpers.h>
            struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(".maps");
            SEC("raw_tp/sched_process_exit") int tell(void *ctx)
            {
                __u32 low[2] = { 1, 2 };
                bpf_ringbuf_output(&ring, low, sizeof(low), 0);
                return 0;
            }
            char LICENSE[] SEC("license") = "GPL";

            """);

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/one.bpf.o"), "one");

        Assert.Equal(("unsigned long long", EventSource.Manifest), (spec.Events[0].Type?.Name, spec.Events[0].Source));
    }

    /// <param name="source">What it is.</param>
    /// <param name="said">What clang says of it.</param>
    /// <param name="hint">What the user can do.</param>
    [Theory]
    [InlineData("#include \"nowhere/to/be/found.h\"\n", "'nowhere/to/be/found.h' file not found", "put nowhere/to/be/found.h below the manifest")]
    [InlineData("#include \"found.h\"\n", "'found.h' file not found", "put found.h beside the source")]
    [InlineData("#include \"../found.h\"\n", "'../found.h' file not found", "../found.h lies outside of the project")]
    [InlineData("#include <bcc/proto.h>\n", "'bcc/proto.h' file not found", "BCC's compiler")]
    [InlineData("#include <net/sock.h>\n", "'net/sock.h' file not found", "the headers of a kernel's source")]
    [InlineData("#include <vmlinux.h>\nint of(struct task_struct *t) { return t->never_a_member_of_it; }\n", "no member named 'never_a_member_of_it'", "put the vmlinux.h that the source was written for beside it")]
    [InlineData("#include <vmlinux.h>\nint of(struct never_a_struct *t) { return t->x; }\n", "incomplete definition", "has no `struct never_a_struct`")]
    public async Task What_is_not_there_is_named(string source, string said, string hint)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
        using var sandbox = new BuildSandbox("package = { name = 'lost', version = '1.0.0' }\nmodule = [{ name = 'lost' }]");
        sandbox.Write("lost.bpf.c", source);

        var failure = await sandbox.FailAsync();

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
    }

    /// <param name="name">Of a header, as no file is called.</param>
    [Theory]
    [InlineData("a\0b.h")]
    [InlineData("part/")]
    [InlineData("*.h")]
    [InlineData("../../../../../../../../../../etc/*")]
    public async Task What_no_file_is_called_is_for_the_compiler_to_name(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        using var sandbox = new BuildSandbox("package = { name = 'lost', version = '1.0.0' }\nmodule = [{ name = 'lost' }]");
        sandbox.Write("lost.bpf.c", $"#include \"{name}\"\n");

        Assert.Equal("PM7301", (await sandbox.FailAsync()).Code);
    }

    /// <summary>Whoever opens a pipe that nobody writes to waits for ever, and so did a build.</summary>
    [Fact]
    public async Task A_pipe_in_the_place_of_a_source_or_of_types_is_not_waited_for()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        using var sandbox = new BuildSandbox("package = { name = 'waits', version = '1.0.0' }\nmodule = [{ name = 'waits' }]");
        var pipe = Path.Join(sandbox.Project, "waits.bpf.c");
        ChildProcess.Run(new ChildOptions { FileName = "mkfifo", SearchPath = "/usr/bin:/bin", Arguments = [pipe] }, TestContext.Current.CancellationToken);

        Assert.Contains("not a regular file but a pipe", (await Assert.ThrowsAsync<SystemCallException>(() => sandbox.BuildAsync())).Message, StringComparison.Ordinal);

        File.Move(pipe, Path.Join(sandbox.Scratch, "types"));
        sandbox.Write("waits.bpf.c", "#include \"vmlinux.h\"\n");
        var failure = await sandbox.FailAsync(sandbox.Options with { TypesPath = Path.Join(sandbox.Scratch, "types") });
        Assert.Equal("PM7312", failure.Code);
        Assert.Contains("not a regular file but a pipe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_of_C_that_is_none_for_the_kernel_is_left_alone()
    {
        using var sandbox = new BuildSandbox("package = { name = 'user', version = '1.0.0' }\nmodule = [{ name = 'user', source = 'user.c' }]");
        sandbox.Write("user.c", "int main(void) { return 0; }\n");

        Assert.Equal("PM7306", (await sandbox.FailAsync()).Code);
    }

    [Fact]
    public async Task The_types_of_another_kernel_are_taken_where_they_are_named()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        using var sandbox = new BuildSandbox("package = { name = 'tool', version = '1.0.0' }\nmodule = [{ name = 'tool' }]");
        sandbox.Write("tool.bpf.c", "#include \"vmlinux.h\"\n__attribute__((section(\"xdp\"), used)) int pass(struct told *context) { return context->pid; }\n");
        sandbox.Write("types.btf", "no types");
        var other = sandbox.Options with { TypesPath = Path.Join(sandbox.Project, "types.btf") };

        Assert.Equal("PM8021", (await Assert.ThrowsAsync<Pm.Ebpf.EbpfFormatException>(() => sandbox.BuildAsync(other))).Code);
        Assert.Equal("PM7312", (await sandbox.FailAsync(other with { TypesPath = Path.Join(sandbox.Project, "missing") })).Code);
    }

    static void Copy(string styles, string folder, BuildSandbox sandbox)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Join(styles, folder), "*", SearchOption.AllDirectories))
        {
            // One as editors of another system write it.
            var text = File.ReadAllText(file);
            sandbox.Write(Path.GetRelativePath(Path.Join(styles, folder), file), folder == "parts" ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text);
        }
    }

    static string Styles([CallerFilePath] string here = "") => Path.Join(Path.GetDirectoryName(here), "styles");
}
