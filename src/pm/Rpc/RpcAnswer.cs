using System.Buffers;
using System.Text.Json;
using Pm.Cli.Output;

namespace Pm.Cli.Rpc;

/// <summary>The answer that a request waits for. It is given once.</summary>
sealed class RpcAnswer(RpcOutput output, byte[]? id, RpcBatch? batch, int index)
{
    bool _isGiven;

    /// <summary>The id of the request, in JSON; null: it asked for none.</summary>
    public byte[]? Id => id;

    /// <summary>What was asked for.</summary>
    /// <param name="value">Writes one value.</param>
    public void Result(Action<Utf8JsonWriter> value) => Give(json =>
    {
        json.WritePropertyName("result"u8);
        value(json);
    });

    /// <summary>Why it is not done.</summary>
    public void Error(RpcException error) => Give(json =>
    {
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        if (error.Failure is { } failure)
        {
            json.WriteStartObject("data"u8);
            ErrorReport.WriteMembers(json, failure);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    void Give(Action<Utf8JsonWriter> member)
    {
        if (_isGiven)
        {
            return;
        }

        _isGiven = true;
        if (batch is null)
        {
            if (id is not null)
            {
                output.Line(json => Write(json, member));
            }

            return;
        }

        batch.Take(index, id is null ? null : Bytes(member));
    }

    byte[] Bytes(Action<Utf8JsonWriter> member)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, PlainJsonEncoder.Options))
        {
            Write(json, member);
        }

        return bytes.WrittenSpan.ToArray();
    }

    void Write(Utf8JsonWriter json, Action<Utf8JsonWriter> member)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id, skipInputValidation: true);
        member(json);
        json.WriteEndObject();
    }
}
