using System.Runtime.CompilerServices;
using System.Text;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Stages.Tests.Building;

/// <summary>Sources as people write them, each in another manner: they compile as they are. None is known by its name.</summary>
public sealed class EbpfStyleTests
{
    /// <param name="folder">Below styles.</param>
    /// <param name="module">Its source, without the ending.</param>
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
    [InlineData("functions", "tasks", "on_new", "", "-DBPF_NO_KFUNC_PROTOTYPES")]
    [InlineData("rings", "told", "handle", "event", "")]
    [InlineData("typedefs", "exits", "leave", "exit_told_t", "-D__PM_WITHOUT_elsewhere_t")]
    [InlineData("nameless", "starts", "begin", "started_t", "")]
    [InlineData("wrapped", "own", "handle", "event", "-D__PM_NOT_COUNTED")]
    public async Task It_compiles_as_it_is(string folder, string module, string programs, string events, string flags)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        Assert.SkipUnless(File.Exists("/usr/include/bpf/bpf_helpers.h"), "there are no headers of libbpf");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
        var name = Path.GetFileName(module);
        using var sandbox = new BuildSandbox($"package = {{ name = '{name}', version = '1.0.0' }}\nmodule = [{{ name = '{name}', source = '{module}.bpf.c' }}]");
        Copy(Styles(), folder, sandbox);

        var built = await sandbox.BuildAsync();

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(built, $"lib/bpf/{name}.bpf.o"), name);
        Assert.Equal(programs.Split(' ').Order(), spec.Programs.Select(p => p.Name).Order());
        Assert.Equal(events, string.Join(' ', spec.Events.Select(e => e.Type?.Name)));
        var said = Encoding.UTF8.GetString(built.Package.MetaFiles["meta/ebpf.json"].Span);
        // What one compiler misses, another may have.
        Assert.True(flags.Length == 0 || !IsTheOneThatMisses() || said.Contains($"\"{flags}\"", StringComparison.Ordinal), said);
        Assert.Equal(spec.Programs.Any(p => p.Helpers.Any(WritesToRing)) && folder != "wrapped", spec.Globals.Any(g => g.Name == LossCounters.Own));
        Assert.DoesNotContain(LossCounters.Own, said, StringComparison.Ordinal);
        Assert.True(flags.Length > 0 || !said.Contains("compiled_with", StringComparison.Ordinal), said);
    }

    /// <summary>Of what may find no place there: bpf_ringbuf_output, bpf_ringbuf_reserve, bpf_ringbuf_reserve_dynptr.</summary>
    static bool WritesToRing(int helper) => helper is 130 or 131 or 198;

    /// <summary>As Debian 12 has it, on a machine of its most usual kind.</summary>
    static bool IsTheOneThatMisses() => File.Exists("/usr/lib/llvm-14/bin/clang") && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.X64;

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip"), "there is no clang or llvm-strip");
        using var sandbox = new BuildSandbox("package = { name = 'lost', version = '1.0.0' }\nmodule = [{ name = 'lost' }]");
        sandbox.Write("lost.bpf.c", "#include \"nowhere/to/be/found.h\"\n");

        Assert.Contains("'nowhere/to/be/found.h' file not found", (await sandbox.FailAsync()).Message, StringComparison.Ordinal);
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
            sandbox.Write(Path.GetRelativePath(Path.Join(styles, folder), file), File.ReadAllText(file));
        }
    }

    static string Styles([CallerFilePath] string here = "") => Path.Join(Path.GetDirectoryName(here), "styles");
}
