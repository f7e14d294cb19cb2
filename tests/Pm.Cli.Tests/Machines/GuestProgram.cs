using System.Runtime.CompilerServices;
using System.Text;
using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>Programs for a machine that has no library.</summary>
static class GuestProgram
{
    /// <summary>A program that needs nothing else, made of the source of that name beside the objects.</summary>
    public static string Compile(string name, [CallerFilePath] string here = "")
    {
        const string compiler = "/usr/bin/gcc";
        Assert.SkipUnless(File.Exists(compiler), "there is no gcc");
        var source = Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../Pm.Ebpf.Tests/objects", name + ".c"));
        var program = Path.Join(Path.GetTempPath(), $"pm-{name}-{Guid.NewGuid()}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(program);
        var made = ProcessRun.Run(compiler, ["-O2", "-Wall", "-Werror", "-static", "-o", program, source], "/", new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" }, null);
        Assert.True(made.Exit == 0, made.Talk + Encoding.UTF8.GetString(made.Output));
        return program;
    }
}
