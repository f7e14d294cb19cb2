using Pm.Packages;
using Pm.Stages.Building;
using Xunit;

namespace Pm.Stages.Tests.Building;

/// <summary>What cannot be built, each with its own error.</summary>
public sealed class RefusedBuildTests
{
    [Theory]
    [InlineData("PM7306", "no [package]", "build.command = 'true'")]
    [InlineData("PM7306", "neither how it is built nor which files", "package = { name = 'a', version = '1' }")]
    [InlineData("PM7306", "OUT is set by pm", "package = { name = 'a', version = '1' }\nbuild = { command = 'true', env = { OUT = '/' } }")]
    [InlineData("PM7306", "PM_NAME is set by pm", "package = { name = 'a', version = '1' }\nbuild = { command = 'true', env = { PM_NAME = 'x' } }")]
    [InlineData("PM7302", "needs `no-such-tool`", "package = { name = 'a', version = '1' }\nbuild.command = ['no-such-tool', 'x']")]
    [InlineData("PM7303", "asks for no-such-tool >=1", "package = { name = 'a', version = '1' }\nbuild.command = 'true'\nconstraints.no-such-tool = '>=1'")]
    [InlineData("PM7303", "asks for sed >=1000, and there is ", "package = { name = 'a', version = '1' }\nbuild.command = 'true'\nconstraints.sed = '>=1000'")]
    [InlineData("PM7303", "asks for linux >=1000, and there is ", "package = { name = 'a', version = '1' }\nbuild.command = 'true'\nconstraints.linux = '>=1000'")]
    [InlineData("PM7303", "asks for arch pdp11", "package = { name = 'a', version = '1' }\nbuild.command = 'true'\nconstraints.arch = ['pdp11']")]
    [InlineData("PM7304", "is called `nothing/*`", "package = { name = 'a', version = '1', files = ['nothing/*'] }")]
    [InlineData("PM7304", "installed nothing", "package = { name = 'a', version = '1' }\nbuild.command = 'true'")]
    [InlineData("PM7304", "pm.toml is made by the build, and taken by `files`", "package = { name = 'a', version = '1', files = ['pm.toml'] }\nbuild.command = 'echo > $OUT/pm.toml'")]
    [InlineData("PM7304", "removed the directory $OUT", "package = { name = 'a', version = '1' }\nbuild.command = 'rmdir $OUT; ln -s /etc $OUT'")]
    public async Task What_contradicts_itself_is_named(string code, string message, string manifest)
    {
        using var sandbox = new BuildSandbox(manifest);

        var error = await sandbox.FailAsync();

        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Scratch));
    }

    [Theory]
    [InlineData("PM2212", "ln -s /etc/passwd $OUT/link")]
    [InlineData("PM2213", "mkfifo $OUT/pipe")]
    public async Task What_no_package_can_hold_is_refused(string code, string script)
    {
        using var sandbox = BuildSandbox.OfScript(script);

        var error = await Assert.ThrowsAsync<PackageFormatException>(() => sandbox.BuildAsync());

        Assert.Equal(code, error.Code);
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Scratch));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Cache));
    }

    [Fact]
    public async Task A_source_with_a_pipe_is_refused_and_never_waited_for()
    {
        using var sandbox = BuildSandbox.OfScript("echo x > $OUT/x");
        Pm.Linux.ChildProcess.Run(
            new Pm.Linux.ChildOptions { FileName = "/usr/bin/mkfifo", Arguments = [Path.Join(sandbox.Project, "pipe")] }, TestContext.Current.CancellationToken);

        var error = await sandbox.FailAsync();

        Assert.Equal("PM7305", error.Code);
        Assert.Contains("pipe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_the_source_is_copied_as_a_link()
    {
        using var sandbox = BuildSandbox.OfScript("test -L out && readlink out > $OUT/target");
        Directory.CreateSymbolicLink(Path.Join(sandbox.Project, "out"), "../../../..");

        Assert.Equal("../../../..\n", BuildSandbox.Read(await sandbox.BuildAsync(), "target"));
    }

    [Fact]
    public async Task A_set_id_bit_is_left_out_and_told()
    {
        using var sandbox = BuildSandbox.OfScript("cp /bin/true $OUT/true; chmod 4755 $OUT/true");

        var built = await sandbox.BuildAsync();

        Assert.Equal(0b111_101_101, Assert.Single(built.Package.Entries).Mode);
        Assert.Contains("set-id", Assert.Single(sandbox.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gcc (Debian 12.2.0-14) 12.2.0\nCopyright (C) 2022", "12.2.0")]
    [InlineData("go version go1.22.1 linux/amd64", "1.22.1")]
    [InlineData("Ubuntu clang version 14.0.0-1ubuntu1.1", "14.0.0")]
    [InlineData("tool 7", "7")]
    [InlineData("v20.", "20")]
    [InlineData("2 tools, version 1.5", "1.5")]
    [InlineData("no number", null)]
    [InlineData("", null)]
    public void The_version_of_a_tool_is_the_first_number_with_a_dot(string said, string? version) => Assert.Equal(version, ToolVersion.In(said));
}
