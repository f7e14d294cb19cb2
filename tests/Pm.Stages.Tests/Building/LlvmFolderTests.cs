using Pm.Packages.Versions;
using Pm.Stages.Building;
using Xunit;

namespace Pm.Stages.Tests.Building;

public sealed class LlvmFolderTests
{
    static readonly (int, string, string)[] Both = [(14, "/usr/lib/llvm-14/bin", "/usr/lib/llvm-14/bin/clang"), (19, "/usr/lib/llvm-19/bin", "/usr/lib/llvm-19/bin/clang"), (16, "/usr/lib/llvm-16/bin", "/usr/lib/llvm-16/bin/clang")];

    [Theory]
    [InlineData("", "/usr/lib/llvm-14/bin/clang", null)]
    [InlineData(">=14", "/usr/lib/llvm-14/bin/clang", null)]
    [InlineData("14.0.6", "/usr/lib/llvm-14/bin/clang", null)]
    [InlineData(">=15", "/usr/lib/llvm-14/bin/clang", "/usr/lib/llvm-19/bin")]
    [InlineData(">=15, <19", "/usr/lib/llvm-14/bin/clang", "/usr/lib/llvm-16/bin")]
    [InlineData("~19.1", "/usr/lib/llvm-14/bin/clang", "/usr/lib/llvm-19/bin")]
    [InlineData("=16.0.6", "/usr/lib/llvm-19/bin/clang", "/usr/lib/llvm-16/bin")]
    [InlineData(">=20", "/usr/lib/llvm-14/bin/clang", null)]
    // One whose version nobody knows is asked itself.
    [InlineData(">=15", "/usr/local/bin/clang", null)]
    [InlineData("", null, "/usr/lib/llvm-19/bin")]
    [InlineData("<15", null, "/usr/lib/llvm-14/bin")]
    [InlineData("<14", null, null)]
    public void The_newest_that_will_do_is_taken_where_the_usual_one_will_not(string asked, string? usual, string? folder) =>
        Assert.Equal(folder, LlvmFolder.Choose(VersionRequirement.Parse(asked.Length == 0 ? "*" : asked).Versions, usual, Both));

    [Fact]
    public async Task A_build_runs_the_clang_that_is_asked_for()
    {
        var usual = File.ResolveLinkTarget("/usr/bin/clang", returnFinalTarget: true)?.FullName;
        var other = Directory.EnumerateDirectories("/usr/lib", "llvm-*").FirstOrDefault(d => File.Exists($"{d}/bin/llvm-strip") && File.Exists($"{d}/bin/clang") && File.ResolveLinkTarget($"{d}/bin/clang", returnFinalTarget: true) is var target && (target?.FullName ?? $"{d}/bin/clang") != usual);
        Assert.SkipUnless(usual is not null && other is not null, "there is one clang only");
        var number = other[(other.LastIndexOf('-') + 1)..];
        using var sandbox = new BuildSandbox($"package = {{ name = 'tool', version = '1.0.0' }}\nmodule = [{{ name = 'tool' }}]\nconstraints = {{ clang = '{number}' }}");
        sandbox.Write("tool.bpf.c", "#include <linux/bpf.h>\n__attribute__((section(\"xdp\"), used)) int pass(struct xdp_md *context) { return 2; }\n");

        var built = await sandbox.BuildAsync();

        Assert.Contains($"\"clang {number}.", System.Text.Encoding.UTF8.GetString(built.Package.MetaFiles["meta/ebpf.json"].Span), StringComparison.Ordinal);
    }
}
