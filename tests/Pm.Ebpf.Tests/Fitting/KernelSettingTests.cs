using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>How a kernel was built, and what follows of it for an object.</summary>
[Collection(LoopbackInterface.Name)]
public class KernelSettingTests
{
    const string Built = "CONFIG_BPF_SYSCALL=y\nCONFIG_HZ=250\n# CONFIG_PM_NO_SUCH is not set\nCONFIG_LOCALVERSION=\"\"\n";

    static readonly KernelProbe Kernel = new();

    [Theory]
    [InlineData("6.1.76", "newer patched built_with")]
    [InlineData("6.1.20", "newer built_with")]
    [InlineData("5.4.0", "older built_with")]
    [InlineData("5.8.0", "newer other_version built_with")]
    public void What_settings_and_the_version_exclude_is_not_come_to(string release, string refused)
    {
        var fits = Fits(release, Built);

        Assert.Equal($"{refused} kept".Split(' ').Order(StringComparer.Ordinal), fits.Where(f => f.Verdict is not FitVerdict.Yes).Select(f => f.Program.Name).Order(StringComparer.Ordinal));
        Assert.All(fits.Where(f => f.Verdict is not FitVerdict.Yes), f => Assert.Equal(("PM8036", f.Program.Name == "kept" ? FitVerdict.Unknown : FitVerdict.No), (f.Findings.Single().Code, f.Verdict)));
    }

    /// <summary>6.1.0-18 may be made of any 6.1.</summary>
    [Fact]
    public void Where_a_distribution_keeps_the_third_number_to_itself_only_what_depends_on_it_is_unknown()
    {
        var fits = Fits("6.1.0-18-amd64", Built).ToDictionary(f => f.Program.Name, f => f.Verdict);

        Assert.Equal((FitVerdict.Yes, FitVerdict.No, FitVerdict.Yes, FitVerdict.Unknown), (fits["older"], fits["newer"], fits["other_version"], fits["patched"]));
    }

    [Theory]
    [InlineData("", "this kernel was built without `CONFIG_BPF_SYSCALL`, which the object needs")]
    [InlineData("CONFIG_BPF_SYSCALL=m\n", "`CONFIG_BPF_SYSCALL` is a module in this kernel, which a `bool` does not say")]
    [InlineData("CONFIG_BPF_SYSCALL=\"y\"\n", "`CONFIG_BPF_SYSCALL` of this kernel is `\"y\"`, which the object's variable does not hold")]
    [InlineData("CONFIG_BPF_SYSCALL=y\nCONFIG_HZ=y\n", "`CONFIG_HZ` of this kernel is `y`, which the object's variable does not hold")]
    [InlineData("CONFIG_BPF_SYSCALL=y\nCONFIG_HZ=0x100000000\n", "`CONFIG_HZ` of this kernel is `4294967296`, which the object's variable does not hold")]
    [InlineData("CONFIG_BPF_SYSCALL=y\nCONFIG_HZ=0xffffffff\n", null)]
    [InlineData("CONFIG_BPF_SYSCALL=n\nCONFIG_PM_NO_SUCH=m\nCONFIG_LOCALVERSION=\"-long\"\nCONFIG_BPF_SYSCALL=m\nCONFIG_BROKEN\n", null)]
    public void What_libbpf_does_not_take_is_said(string built, string? fault)
    {
        var faults = Fits("6.1.76", built).SelectMany(f => f.Findings).Where(f => f.Code == "PM8040").Select(f => (f.Verdict, f.Cause)).Distinct();

        Assert.Equal(fault is null ? [] : [(FitVerdict.No, fault)], faults);
    }

    [Fact]
    public void Without_a_configuration_it_is_unknown_and_where_there_is_none_libbpf_refuses_the_object()
    {
        var unknown = ObjectFit.Check(SampleObject.Bytes("settings"), SampleObject.Spec("settings"), new KernelFacts(Types, KernelDescription.Unknown));
        var missing = Fits("6.1.76", null);

        Assert.All(unknown, f => Assert.Contains(f.Findings, x => x is { Verdict: FitVerdict.Unknown, Code: "PM8040", Cause: "whether the kernel was built with `CONFIG_BPF_SYSCALL` is not known" }));
        Assert.All(missing, f => Assert.Contains(f.Findings, x => x is { Verdict: FitVerdict.No, Code: "PM8040" }));
    }

    [Fact]
    public void What_no_kernel_has_is_refused_although_the_object_could_do_without()
    {
        var fit = ObjectFit.Check(SampleObject.Bytes("settings_wrong"), SampleObject.Spec("settings_wrong"), new KernelFacts(null, KernelDescription.Unknown)).Single();

        Assert.Contains(FitFinding.No("PM8040", "`pm_setting` is no setting of a kernel: expected `CONFIG_…` or `LINUX_KERNEL_VERSION`"), fit.Findings);
    }

    /// <summary>Held against the ones who know: libbpf, which reads the same files, and the verifier.</summary>
    [Fact]
    public void What_is_said_of_this_kernel_is_what_libbpf_and_the_verifier_come_to()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(Kernel.Configuration is { IsMissing: false }, "this kernel does not say how it was built");
        var path = Path.Join(AppContext.BaseDirectory, $"settings-{Environment.ProcessId}.btf");
        File.WriteAllBytes(path, ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content.ToArray());
        try
        {
            var spec = SampleObject.Spec("settings");
            var facts = new KernelFacts(Types, KernelDescription.Unknown) { ConfigurationNow = () => Kernel.Configuration, VersionNow = () => KernelProbe.Version };
            var fits = ObjectFit.Check(SampleObject.Bytes("settings"), spec, facts).Where(f => f.Verdict is not FitVerdict.Unknown).ToDictionary(f => f.Program.Name, f => f.Verdict is FitVerdict.Yes);
            Assert.Equal(10, fits.Count);
            Assert.Equal(fits.Where(f => f.Value).Select(f => f.Key).Order(StringComparer.Ordinal), Running(spec, path).Where(fits.ContainsKey).Order(StringComparer.Ordinal));

            var wrong = Assert.Throws<BpfException>(() => ObjectStart.Run(SampleObject.Bytes("settings_wrong"), SampleObject.Spec("settings_wrong"), new RunOptions { Name = "wrong" }, Kernel));
            Assert.Equal(("PM8040", "`pm_setting` is no setting of a kernel: expected `CONFIG_…` or `LINUX_KERNEL_VERSION`"), (wrong.Error.Code, wrong.Error.Cause));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("Ubuntu 5.15.0-91.101-generic 5.15.131", "#101-Ubuntu SMP", "5.15.0-91-generic", 5, 15, 131)]
    [InlineData("", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)", "6.1.0-18-amd64", 6, 1, 76)]
    [InlineData("", "#1 SMP", "4.9.337+", 4, 9, 255)]
    public void The_version_is_the_one_that_libbpf_finds(string ubuntu, string built, string release, int major, int minor, int patch) =>
        Assert.Equal(new LinuxVersion((major << 16) + (minor << 8) + patch), ConfigurationFile.Version(ubuntu, built, release));

    [Fact]
    public void A_configuration_is_read_packed_or_not_and_no_further_than_any_is_long()
    {
        Assert.Equal("250", ConfigurationFile.ReadFrom(new MemoryStream(Encoding.UTF8.GetBytes(Built)))!.Find("CONFIG_HZ"));
        Assert.Equal("250", ConfigurationFile.ReadFrom(Packed(Encoding.UTF8.GetBytes(Built)))!.Find("CONFIG_HZ"));
        Assert.Null(ConfigurationFile.ReadFrom(Packed(new byte[KernelConfiguration.Limit + 1])));
        Assert.Null(ConfigurationFile.ReadFrom(new MemoryStream([0x1f, 0x8b, 1, 2, 3])));
    }

    static BtfFile Types => BtfFile.Parse(ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel").Find(".BTF")!.Content, "kernel");

    static ImmutableArray<ProgramFit> Fits(string release, string? built) => ObjectFit.Check(
        SampleObject.Bytes("settings"), SampleObject.Spec("settings"),
        new KernelFacts(Types, new KernelDescription { Release = release, Tracepoints = ["sched/sched_switch"] }) { ConfigurationNow = () => built is null ? KernelConfiguration.Missing : KernelConfiguration.Parse(Encoding.UTF8.GetBytes(built)) });

    static List<string> Running(Pm.Ebpf.Objects.BpfSpec spec, string types)
    {
        using var running = ObjectStart.Run(SampleObject.Bytes("settings"), spec, new RunOptions { Name = "settings", TypesPath = types }, Kernel);
        return [.. running.Attached.Select(p => p.Name)];
    }

    static MemoryStream Packed(byte[] bytes)
    {
        var into = new MemoryStream();
        using (var gzip = new GZipStream(into, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        into.Position = 0;
        return into;
    }
}
