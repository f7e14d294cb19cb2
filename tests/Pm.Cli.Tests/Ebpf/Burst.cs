using System.Diagnostics;
using System.Text;
using Pm.Cli.Tests.Gear;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>A program that tells far more at once than its ring buffer has place for, and what is done with it.</summary>
static class Burst
{
    /// <summary>Whenever a file of that name is opened, far more than four events, which is what a page holds of them.</summary>
    const string Source = """
        #include <linux/bpf.h>
        #include <bpf/bpf_helpers.h>
        struct event { __u32 number; char filler[1000]; };
        struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
        /// @sample {"interval": 3600000, "type": "default_kv"}
        struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); } produced SEC(".maps");
        const volatile char name[48] = "";
        struct event copied;
        struct entered { __u64 common; long number; long directory; const char *name; };
        SEC("tp/syscalls/sys_enter_openat") int on_open(struct entered *ctx)
        {
        	__u32 zero = 0;
        	__u64 *count = bpf_map_lookup_elem(&produced, &zero);
        	char opened[sizeof(name)] = {};
        	bpf_probe_read_user_str(opened, sizeof(opened), ctx->name);
        	for (int i = 0; i < sizeof(name); i++)
        		if (opened[i] != name[i])
        			return 0;
        	for (int i = 0; count && i < 100; i++) {
        		struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
        		__sync_fetch_and_add(count, 2);
        		bpf_ringbuf_output(&events, &copied, sizeof(copied), 0);
        		if (event) {
        			event->number = i;
        			bpf_ringbuf_submit(event, 0);
        		}
        	}
        	return 0;
        }
        char LICENSE[] SEC("license") = "GPL";
        """;

    public static int Events(StepResult logs) => Text(logs).Split('\n').Count(l => l.Contains("\"number\":", StringComparison.Ordinal));

    public static string Text(StepResult result) => Encoding.UTF8.GetString(result.Output);

    /// <summary>A burst of two hundred events.</summary>
    public static void Happen(string name) => Assert.Throws<FileNotFoundException>(() => File.OpenHandle(name));

    /// <returns>The object.</returns>
    public static async Task<string> BuildAsync(Sandbox sandbox, string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip") && File.Exists("/usr/include/bpf/bpf_helpers.h"), "there is no clang, llvm-strip or libbpf-dev");
        var project = Directory.CreateDirectory(Path.Join(sandbox.Work, "project")).FullName;
        await File.WriteAllTextAsync(Path.Join(project, "pm.toml"), $"package = {{ name = '{name}', version = '1.0.0' }}\nmodule = [{{ name = '{name}', source = 'burst.bpf.c' }}]\n");
        await File.WriteAllTextAsync(Path.Join(project, "burst.bpf.c"), Source);
        await DoAsync(sandbox, "build", "--no-sign", "-o", "out/", project);
        await DoAsync(sandbox, "install", "-y", "--allow-unsigned", $"out/{name}-1.0.0.pkg");
        Assert.SkipUnless(new KernelProbe().MayTrace, "needs root or CAP_BPF and CAP_PERFMON");
        var path = Path.Join(sandbox.Environment["PM_ROOT"], $"lib/bpf/{name}.bpf.o");
        Assert.DoesNotContain("pm-lost", Text(await PmAsync(sandbox, "run", path, "--", "--help")), StringComparison.Ordinal);
        return path;
    }

    public static Process Start(Sandbox sandbox, params string[] words)
    {
        var start = new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "pm")) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = sandbox.Work };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (variable, value) in sandbox.Environment)
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task DoAsync(Sandbox sandbox, params string[] words)
    {
        var result = await PmAsync(sandbox, words);
        Assert.True(result.Exit == 0, $"pm {string.Join(' ', words)}: {result.Exit}\n{result.Talk}");
    }

    public static Task<StepResult> PmAsync(Sandbox sandbox, params string[] words) => Runner.InProcess.RunAsync(["pm", .. words], sandbox, sandbox.Environment, null, onTerminal: false);
}
