using System.Runtime.CompilerServices;
using System.Text;
using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>A machine on which the packages of examples/hub are to be had from a web server of its own, as they are on a repository.</summary>
static class HubMachine
{
    /// <summary>Starts the server, and trusts it.</summary>
    public const string Serve = """
        httpd -p 127.0.0.1:8000 -h /srv
        step remote pm remote add --trust-first-use --name main http://127.0.0.1:8000
        step pull pm pull

        """;

    static readonly Lazy<Sandbox> Repository = new(Publish);

    /// <summary>One with what pm asks for: libssl and libbpf.</summary>
    public static KernelMachine Make()
    {
        KernelMachine.Require();
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip") && File.Exists("/usr/include/bpf/bpf_helpers.h"), "there is no clang, llvm-strip or libbpf-dev");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
        return new KernelMachine().With("libssl.so.3", "libzstd.so.1", "libbpf.so.1").With(Path.Join(Repository.Value.Work, "repo/repository"), "srv");
    }

    /// <summary>Once for all tests: what they do, they do on machines of their own.</summary>
    static Sandbox Publish()
    {
        var sandbox = new Sandbox(null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => sandbox.Dispose();
        var pm = Environment.GetEnvironmentVariable("PM_TEST_BIN")!;
        foreach (var line in (string[])[$"build --no-sign -o out/ '{Hub()}'", "repo init repo", "repo publish --repo repo --allow-unsigned out/*.pkg"])
        {
            var made = sandbox.Shell($"'{pm}' {line}");
            Assert.True(made.Exit == 0, $"pm {line}: {made.Talk}{Encoding.UTF8.GetString(made.Output)}");
        }

        return sandbox;
    }

    static string Hub([CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../examples/hub"));
}
