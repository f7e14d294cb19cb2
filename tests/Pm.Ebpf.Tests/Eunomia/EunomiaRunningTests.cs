using System.Text;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Eunomia;

/// <summary>On the kernel that runs the tests. Where it does not let them, they say why.</summary>
public class EunomiaRunningTests
{
    const int MostTurns = 200;

    const string Variables = """
        {"name":"const_val_1","type":"int","cmdarg":{"long":"pid"}},{"name":"const_val_2","type":"long long","value":-9},{"name":"const_val_3","type":"char[100]","value":"said"},
        {"name":"boolflag","type":"bool","value":true},{"name":"fraction","type":"float","value":1.5}
        """;

    static readonly KernelProbe Kernel = new();

    [Fact]
    public void A_package_runs_with_its_defaults_and_flags()
    {
        var lines = Lines($$"""
            {"bpf_skel":{"obj_name":"figures","data_sections":[{"name":".rodata","variables":[{{Variables}}]},{"name":".bss","variables":[{"name":"bss_val_1","type":"int","value":5}]}]},
            "export_types":[{"name":"OutData","type_id":{{TypeOf("OutData")}},"size":232}]}
            """, $"{{\"val_1\":{Environment.ProcessId},\"val_2\":-9,\"val_3\":\"said\",\"val_4\":5,\"val_5\":1,");

        Assert.NotEmpty(lines);
    }

    [Fact]
    public void Several_maps_have_events_of_their_own()
    {
        var lines = Lines($$"""
            {"bpf_skel":{"obj_name":"figures","data_sections":[{"name":".rodata","variables":[{{Variables}}]}],
            "maps":[{"name":"rb","ident":"rb","export_config":{"btf_type_id":{{TypeOf("OutData")}} } },
            {"name":"rb_other","ident":"rb_other","export_config":{"custom_members":[{"name":"half?","offset":4,"btf_type_id":{{IntegerType}} }]} }]},"enable_multiple_export_types":true}
            """, $"{{\"half?\":{BitConverter.SingleToInt32Bits(1.5f)}}}");

        Assert.Contains(lines, l => l.StartsWith($"{{\"val_1\":{Environment.ProcessId},", StringComparison.Ordinal));
    }

    static int IntegerType => SampleObject.Spec("figures").Types!.Find(Btf.BtfKind.Integer, "int")!.Value.Id;

    static int TypeOf(string name) => SampleObject.Spec("figures").Types!.Find(Btf.BtfKind.Struct, name)!.Value.Id;

    /// <summary>What is printed until a line begins as awaited.</summary>
    static string[] Lines(string meta, string awaited)
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        var package = EunomiaPackage.Parse(PackageText.Of(SampleObject.Bytes("figures"), meta), "p");
        var spec = BpfSpec.Parse(package.Content, "p");
        var values = EunomiaValues.Of(package.Meta, spec, EunomiaCommandLine.Of(package.Meta).Parse(["--pid", $"{Environment.ProcessId}"]));
        var output = new MemoryStream();
        var printer = new EunomiaPrinter(output, isJson: true, hasHeader: true, TimeProvider.System);
        using var running = ObjectStart.Run(package.Content, spec, new RunOptions { Name = package.Meta.Name, Values = values }, Kernel);
        foreach (var export in EunomiaExports.Of(package.Meta, spec))
        {
            running.Read(export.Map, printer.For(export.Decoder));
        }

        string[] lines = [];
        for (var turn = 0; turn < MostTurns && !lines.Any(l => l.StartsWith(awaited, StringComparison.Ordinal)); turn++)
        {
            _ = File.Exists("/nowhere");
            running.Poll(TimeSpan.FromMilliseconds(50));
            printer.Flush();
            lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        Assert.Contains(lines, l => l.StartsWith(awaited, StringComparison.Ordinal));
        return lines;
    }
}
