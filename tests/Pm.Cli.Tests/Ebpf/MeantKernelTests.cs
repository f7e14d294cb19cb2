using System.Text;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>An object whose author means other kernels than this one is run all the same, and it is said.</summary>
public sealed class MeantKernelTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-meant-").FullName;

    public MeantKernelTests() => ObjectProcess.RequireKernel();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(">=4.0, <99", "")]
    [InlineData(">=9.0, <99", "warning: {0}: it is for Linux >=9.0, <99, not {1} [PM8044]\n")]
    public void What_its_author_means_is_held_against_this_kernel(string meant, string warning)
    {
        using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", Object(meant)], Variables);

        Assert.True(pm.IsAttached(), pm.Said);
        Assert.Contains("\"from\":\"192.0.2.1\"", pm.Await("\"from\""), StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, warning, Path.Join(_directory, "meant.o"), Environment.OSVersion.Version.ToString(3)), pm.Said[..pm.Said.IndexOf("1 program attached", StringComparison.Ordinal)]);
    }

    [Fact]
    public void What_is_no_requirement_is_refused()
    {
        using var pm = new ObjectProcess([], ["run", Object("on Sundays")], Variables);

        Assert.False(pm.IsAttached());
        Assert.Contains("pm: error[PM8022]: ", pm.Said, StringComparison.Ordinal);
        Assert.Contains("notes (.pm.notes): `linux`: ", pm.Said, StringComparison.Ordinal);
    }

    Dictionary<string, string> Variables => new(StringComparer.Ordinal) { ["HOME"] = _directory, ["PM_ROOT"] = Path.Join(_directory, "root"), ["PM_STORE"] = Path.Join(_directory, "store") };

    /// <summary>With other words, as long as those that it has.</summary>
    string Object(string meant)
    {
        var bytes = File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "readings.o"));
        Encoding.ASCII.GetBytes(meant).CopyTo(bytes, bytes.AsSpan().IndexOf(">=6.4, <99"u8));
        var path = Path.Join(_directory, "meant.o");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
