using System.Text;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Xunit;

namespace Pm.Ebpf.Tests.Eunomia;

public class EunomiaWriterTests
{
    [Theory]
    [InlineData("opens")]
    [InlineData("figures")]
    [InlineData("several")]
    [InlineData("sampled")]
    [InlineData("nothing")]
    public void What_is_written_is_read_as_the_same(string name)
    {
        var spec = SampleObject.Spec(name);
        var meta = EunomiaDescription.Of(spec, name + "_bpf");

        var again = EunomiaPackage.Parse(Written(new EunomiaPackage(SampleObject.Bytes(name), meta)), "p");

        Assert.Equal(SampleObject.Bytes(name), again.Content.ToArray());
        Assert.Equal(EunomiaCommandLine.Of(meta).Help(), EunomiaCommandLine.Of(again.Meta).Help());
        Assert.Equal(EunomiaExports.Of(meta, spec).Select(Shown), EunomiaExports.Of(again.Meta, spec).Select(Shown));
        Assert.Equal(spec.Events.Select(e => e.Map.Name), EunomiaExports.Of(again.Meta, spec).Select(e => e.Map.Name));
        Assert.Equal(Written(new EunomiaPackage(again.Content, meta)), Written(again));
    }

    [Fact]
    public void The_flags_of_an_object_are_those_of_its_package_with_its_defaults()
    {
        var spec = SampleObject.Spec("opens");
        var meta = EunomiaDescription.Of(spec, "opens_bpf");

        Assert.Equal(
            ["target_pid", "enable-only_root", "prefix", "level", "smallest", "limit"], EunomiaCommandLine.Of(meta).Flags.Where(f => f.Variable.Section == ".rodata").Select(f => f.LongName));
        Assert.Equal(
            [("only_root", "false"), ("limit", "-1")],
            meta.Variables.Where(v => v.Default.Kind is not EunomiaDefaultKind.None).Select(v => (v.Name, v.Default.Text)));
        Assert.Equal(["count", "limit", "only_root", "prefix", "target_pid"], EunomiaValues.Of(meta, spec, EunomiaCommandLine.Of(meta).Parse([])).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("event", 104), meta.ExportTypes.Select(t => (t.Name, t.Size)).Single());
    }

    [Fact]
    public void What_an_author_says_goes_along()
    {
        var spec = SampleObject.Spec("sampled") with
        {
            Notes = ObjectNotes.None with
            {
                Description = "samples",
                Flags = ObjectNotes.None.Flags.Add("target_pid", new FlagNote { LongName = "pid", Letter = 'p', Default = "7", Help = "of whom" }),
                Samples = ObjectNotes.None.Samples.Add("hists", new SampleNote { Interval = TimeSpan.FromSeconds(1), Kind = SampleKind.LogarithmicHistogram, Unit = "ns", ClearsMap = true }),
            },
        };
        var meta = EunomiaDescription.Of(spec, "sampled");

        var again = EunomiaPackage.Parse(Written(new EunomiaPackage(SampleObject.Bytes("sampled"), meta)), "p").Meta;

        Assert.Contains("-p, --pid <target_pid>  of whom [default: 7]", EunomiaCommandLine.Of(again).Help(), StringComparison.Ordinal);
        Assert.StartsWith("samples\n", EunomiaCommandLine.Of(again).Help(), StringComparison.Ordinal);
        Assert.Equal(spec.Notes.Samples["hists"], again.Maps.Single(m => m.Identifier == "hists").Sample);
    }

    [Fact]
    public void Events_of_a_type_that_nobody_knows_cannot_be_said() => Assert.Equal(
        "PM8071", Assert.Throws<EbpfFormatException>(() => EunomiaDescription.Of(SampleObject.Spec("shapes"), "shapes")).Code);

    static string Shown(EunomiaExportedMap export)
    {
        var buffer = new EventBuffer();
        export.Decoder.WriteJson(new byte[1000], buffer);
        return export.Map.Name + Encoding.UTF8.GetString(buffer.Written);
    }

    static byte[] Written(EunomiaPackage package)
    {
        using var into = new MemoryStream();
        EunomiaWriter.Write(package, into);
        return into.ToArray();
    }
}
