using System.Text;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Notes;
using Xunit;

namespace Pm.Ebpf.Tests.Eunomia;

public class EunomiaPackageTests
{
    [Fact]
    public void A_package_gives_its_object_back()
    {
        var content = SampleObject.Bytes("figures");

        var package = EunomiaPackage.Parse(PackageText.Of(content), "p");

        Assert.Equal(content, package.Content.ToArray());
        Assert.Equal("p", package.Meta.Name);
        Assert.True(package.Meta.HasHeader);
    }

    [Fact]
    public void A_mark_of_order_before_it_and_escaped_slashes_in_it_do_not_matter()
    {
        var text = Encoding.UTF8.GetString(PackageText.Of(SampleObject.Bytes("figures")));
        Assert.Contains('/', text);

        var package = EunomiaPackage.Parse(Encoding.UTF8.GetBytes("\ufeff" + text.Replace("/", "\\/", StringComparison.Ordinal)), "p");

        Assert.Equal(SampleObject.Bytes("figures"), package.Content.ToArray());
    }

    [Theory]
    [InlineData("", "no JSON: line 1, byte 1 cannot be read")]
    [InlineData("[]", "expected an object")]
    [InlineData("""{"\ud800":1}""", "a text is no Unicode")]
    [InlineData("{}", "member `bpf_object` is missing: this is no eunomia package")]
    [InlineData("""{"bpf_object":7}""", "bpf_object: expected a text")]
    [InlineData("""{"bpf_object":"","bpf_object_size":"7"}""", "bpf_object_size: expected a number")]
    [InlineData("""{"bpf_object":"","bpf_object":""}""", "bpf_object: it is there twice")]
    [InlineData("""{"name":"x","ebpf_object_data":""}""", "the form of eunomia's packages before 2022-09, with `ebpf_object_data`, which is not read any more")]
    [InlineData("""{"bpf_object":"eJwDAAAAAAE=","bpf_object_size":0,"meta":{}}""", "meta: member `bpf_skel` is missing")]
    [InlineData("""{"bpf_object":"eJwDAAAAAAE=","bpf_object_size":0,"meta":{"bpf_skel":7}}""", "meta.bpf_skel: expected an object, got `7`")]
    [InlineData("""{"bpf_object":"eJwDAAAAAAE=","bpf_object_size":0,"meta":{}}{}""", "no JSON: line 1, byte 60 cannot be read")]
    public void What_is_no_package_is_refused(string text, string message)
    {
        var e = Assert.Throws<EbpfFormatException>(() => EunomiaPackage.Parse(Encoding.UTF8.GetBytes(text), "p"));

        Assert.Equal(("PM8062", "p: " + message), (e.Code, e.Message));
    }

    [Theory]
    [InlineData("!", 0, "bpf_object: no base64")]
    [InlineData("\\ud800", 0, "bpf_object: no base64")]
    [InlineData("AAAA", 3, "bpf_object: what the base64 holds is not compressed by zlib, or is damaged")]
    [InlineData("eJwDAAAAAAE=", -1, "bpf_object_size: expected 0 to 67108864, got -1")]
    [InlineData("eJwDAAAAAAE=", 1L << 40, "bpf_object_size: expected 0 to 67108864, got 1099511627776")]
    [InlineData("eJwDAAAAAAE=", 1 << 20, "bpf_object_size: 8 compressed bytes cannot hold 1048576")]
    [InlineData("eJwDAAAAAAE=", 1, "bpf_object: expected 1 bytes as bpf_object_size says, got 0")]
    public void An_object_that_is_not_what_is_said_of_it_is_refused(string text, long size, string message)
    {
        var e = Assert.Throws<EbpfFormatException>(
            () => EunomiaPackage.Parse(Encoding.UTF8.GetBytes($$"""{"bpf_object":"{{text}}","bpf_object_size":{{size}},"meta":{} }"""), "p"));

        Assert.Equal(("PM8063", "p: " + message), (e.Code, e.Message));
    }

    /// <summary>A megabyte of zeroes takes a kilobyte: what is unpacked is what is said, and not a byte more.</summary>
    [Fact]
    public void A_bomb_is_not_unpacked()
    {
        var bomb = PackageText.Of(new byte[64 << 20], size: 100);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<EbpfFormatException>(() => EunomiaPackage.Parse(bomb, "p"));

        Assert.Equal("p: bpf_object: expected 100 bytes as bpf_object_size says, got more", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"a","ident":"b","sample":{"interval":-1}}]}}""", "bpf_skel.maps[0].sample.interval: expected a number from 0 to 2147483647, got `-1`")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"a","ident":"b","sample":{"interval":0}}]}}""", "bpf_skel.maps[0].sample.interval: expected milliseconds, 1 to ")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"a","ident":"b","sample":{"interval":1,"type":"pie"}}]}}""", "bpf_skel.maps[0].sample.type: expected `log2_hist`, `linear_hist` or `default_kv`, got `pie`")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"a","ident":"b","export_config":"all"}]}}""", "bpf_skel.maps[0].export_config: expected `no_export`, `default`")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"a","ident":"b","intepreter":{"x":1}}]}}""", "bpf_skel.maps[0].intepreter: expected `default_struct` or")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","data_sections":[{"name":".bss","variables":[{"name":"v","type":"int","cmdarg":{"short":"ab"}}]}]}}""", "bpf_skel.data_sections[0].variables[0].cmdarg.short: expected exactly one character, got `ab`")]
    [InlineData("""{"bpf_skel":{"obj_name":"x"},"print_header":1}""", "print_header: expected true or false, got `1`")]
    [InlineData("""{"bpf_skel":{"obj_name":"x"},"export_types":{}}""", "export_types: expected a list, got `{}`")]
    public void What_is_wrong_in_it_is_said_with_its_place(string meta, string message)
    {
        var e = Assert.Throws<EbpfFormatException>(() => EunomiaMeta.Parse(Encoding.UTF8.GetBytes(meta), "p"));

        Assert.Equal("PM8062", e.Code);
        Assert.StartsWith("p: " + message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_public_skeletons_are_read()
    {
        var several = EunomiaMeta.Parse(PackageText.Vector("multiple_export_ringbuf/multiple.skel.json"), "p");
        Assert.True(several.HasSeveralExports);
        Assert.Equal([321, 316], several.Maps.Select(m => m.Export).OfType<EunomiaExport.OfType>().Select(t => t.Id));
        Assert.Equal(["exec_start", "rb_exec", "rb_exit", "rodata", "bss"], several.Maps.Select(m => m.Identifier));

        var custom = EunomiaMeta.Parse(PackageText.Vector("multiple_export_ringbuf/multiple-custom-struct.json"), "p");
        Assert.Equal(
            [("comm?", 8, 150), ("ppid", 4, 2), ("fname", 24, 322), ("pid", 0, 2)],
            custom.Maps.Select(m => m.Export).OfType<EunomiaExport.OfMembers>().Single().Members.Select(m => (m.Name, m.Offset, m.Type)));

        var simple = EunomiaMeta.Parse(PackageText.Vector("simple_prog/simple_prog.skel.json"), "p");
        Assert.Empty(simple.Programs);
        Assert.Equal(("S", 2, 368, 14), simple.ExportTypes.Select(t => (t.Name, t.Id, t.Size, t.Members.Length)).Single());
    }

    [Fact]
    public void What_is_not_said_is_what_eunomia_takes_it_for()
    {
        var meta = EunomiaMeta.Parse("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"a","ident":"a","sample":{"interval":500}},{"name":"b","ident":"b","intepreter":{"stack_trace":{}}}]}}"""u8.ToArray(), "p");

        Assert.Equal(new SampleNote { Interval = TimeSpan.FromMilliseconds(500), Unit = "(unit)" }, meta.Maps[0].Sample);
        Assert.IsType<EunomiaExport.None>(meta.Maps[0].Export);
        Assert.Equal(new EunomiaStackFields(), meta.Maps[1].Stack);
        Assert.False(meta.HasSeveralExports);
    }
}
