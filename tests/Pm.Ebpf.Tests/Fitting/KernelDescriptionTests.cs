using System.Text;
using System.Text.Json;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>What one machine says of its kernel, and another reads.</summary>
public class KernelDescriptionTests
{
    static readonly KernelDescription Kernel = new()
    {
        Release = "6.1.0-18-amd64",
        Machine = "x86_64",
        TypesDigest = "00ff",
        Modules = ["btrfs"],
        SecurityModules = ["capability", "bpf"],
        Lockdown = "none",
        EventSources = ["cpu", "kprobe"],
        Tracepoints = ["sched/sched_switch"],
        Programs = KernelDescription.Unknown.Programs.Add("fentry", true).Add("lsm", false),
    };

    [Fact]
    public void What_is_written_is_read_again() => Assert.Equal(Written(Kernel), Written(KernelDescriptionText.Read(Encoding.UTF8.GetBytes(Written(Kernel)), "x")));

    [Fact]
    public void What_is_not_known_stays_so() => Assert.Equal(Written(KernelDescription.Unknown), Written(KernelDescriptionText.Read("""{"format":1}"""u8.ToArray(), "x")));

    [Fact]
    public void It_is_found_in_what_the_doctor_says() =>
        Assert.Equal("6.1.0", KernelDescriptionText.Read("""{"schema":"pm/1","kind":"doctor","data":{"checks":[],"kernel":{"format":1,"release":"6.1.0"}}}"""u8.ToArray(), "x").Release);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"format":2}""")]
    [InlineData("""{"format":1.5}""")]
    [InlineData("""{"format":1,"release":7}""")]
    [InlineData("""{"format":1,"release":"a\nb"}""")]
    [InlineData("""{"format":1,"release":"\ud800"}""")]
    [InlineData("""{"format":1,"programs":{"\ud800":true}}""")]
    [InlineData("""{"format":1,"tracepoints":"all"}""")]
    [InlineData("""{"format":1,"tracepoints":[null]}""")]
    [InlineData("""{"format":1,"programs":[]}""")]
    [InlineData("""{"format":1,"programs":{"fentry":"yes"}}""")]
    public void What_is_no_description_is_refused(string text) =>
        Assert.Equal("PM8047", Assert.Throws<EbpfFormatException>(() => KernelDescriptionText.Read(Encoding.UTF8.GetBytes(text), "x")).Code);

    [Fact]
    public void Types_are_found_alone_and_in_an_ELF_file()
    {
        var file = SampleObject.Bytes("kernel");
        var types = ElfObject.Parse(file, "kernel.o").Find(".BTF")!.Content.ToArray();

        Assert.Equal(types, KernelTypes.Read(new MemoryStream(file), "x"));
        Assert.Equal(types, KernelTypes.Read(new MemoryStream(types), "x"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_file_that_is_cut_off_has_none(int length) =>
        Assert.Equal("PM8021", Assert.Throws<EbpfFormatException>(() => KernelTypes.Read(new MemoryStream(SampleObject.Bytes("kernel")[..length]), "x")).Code);

    static string Written(KernelDescription kernel)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            KernelDescriptionText.Write(json, kernel);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
