using System.Text;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Iterators that write records in place of text.</summary>
public class RecordTests
{
    [Fact]
    public void The_type_of_a_record_is_known_by_its_size_and_can_be_said()
    {
        Assert.Equal("struct told", $"{SampleObject.Spec("tasks").Records["tasks"]}");
        Assert.Empty(SampleObject.Spec("walked").Records);
        var said = BpfSpec.Parse(SampleObject.Bytes("tasks"), "tasks.o", new Dictionary<string, string> { ["tasks"] = "told" });
        Assert.Equal("struct told", $"{said.Records["tasks"]}");
    }

    [Theory]
    [InlineData("tasks", "nothing", "program `tasks`: there is no type `nothing`")]
    [InlineData("tasks", "tolt", "program `tasks`: there is no type `tolt`; did you mean `told`?")]
    [InlineData("task", "told", "there is no map `task` that carries events")]
    public void What_is_not_there_is_named(string program, string type, string message)
    {
        var e = Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(SampleObject.Bytes("tasks"), "tasks.o", new Dictionary<string, string> { [program] = type }));

        Assert.Equal("PM8022", e.Code);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(100)]
    public void Records_come_in_any_pieces(int size)
    {
        var sink = new Texts();
        var cutter = new RecordCutter(sink, 4);
        foreach (var piece in "aaaabbbbccccddddee"u8.ToArray().Chunk(size))
        {
            cutter.Take(piece);
        }

        cutter.End();

        Assert.Equal(["aaaa", "bbbb", "cccc", "dddd", "ee"], sink.All);
    }

    sealed class Texts : IEventSink
    {
        public List<string> All { get; } = [];

        public void Take(ReadOnlySpan<byte> record) => All.Add(Encoding.UTF8.GetString(record));

        public void Lose(ulong count)
        {
        }
    }
}
