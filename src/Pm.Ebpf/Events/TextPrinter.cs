using System.Text;

namespace Pm.Ebpf.Events;

/// <summary>Writes the text of a program line by line, however it comes. Nothing in it steers a terminal; as JSON each line is an object that says whose it is.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="style">How it looks; columns and words are the text's own.</param>
/// <param name="program">Whose it is.</param>
public sealed class TextPrinter(Stream output, EventStyle style, string program)
{
    /// <summary>A longer line is broken.</summary>
    const int LongestLine = 16 << 10;

    /// <summary>Bytes held back at most.</summary>
    const int MostHeld = 64 << 10;

    readonly byte[] _program = Encoding.UTF8.GetBytes(program);
    readonly EventBuffer _buffer = new();
    readonly byte[] _line = new byte[LongestLine];
    int _length;

    /// <summary>A piece of it.</summary>
    public void Take(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var part = end < 0 ? text : text[..end];
            if (part.Length > LongestLine - _length)
            {
                var room = Fitting(part, LongestLine - _length);
                Hold(part[..room]);
                WriteLine();
                text = text[room..];
                continue;
            }

            Hold(part);
            if (end < 0)
            {
                return;
            }

            WriteLine();
            text = text[(end + 1)..];
        }
    }

    /// <summary>There is no more: what has no end of a line gets one.</summary>
    public void End()
    {
        if (_length > 0)
        {
            WriteLine();
        }

        Flush();
    }

    /// <summary>As many bytes as have room, and no part of a character.</summary>
    int Fitting(ReadOnlySpan<byte> text, int room)
    {
        const int longestRune = 4;
        for (var count = room; count > room - longestRune && count >= 0; count--)
        {
            if ((text[count] & 0xc0) != 0x80 && (count > 0 || _length > 0))
            {
                return count;
            }
        }

        return room;
    }

    void Hold(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_line.AsSpan(_length));
        _length += text.Length;
    }

    void WriteLine()
    {
        var line = _line.AsSpan(0, _length);
        _length = 0;
        if (style is EventStyle.Json)
        {
            _buffer.Append("{\"program\":"u8);
            EventText.Quoted(_program, _buffer);
            _buffer.Append(",\"text\":"u8);
            EventText.Quoted(line, _buffer);
            _buffer.Append((byte)'}');
        }
        else
        {
            WriteBare(line);
        }

        _buffer.Append((byte)'\n');
        if (_buffer.Length >= MostHeld)
        {
            Flush();
        }
    }

    /// <summary>Tabs are kept: such text has columns.</summary>
    void WriteBare(ReadOnlySpan<byte> line)
    {
        for (int tab; (tab = line.IndexOf((byte)'\t')) >= 0; line = line[(tab + 1)..])
        {
            EventText.Bare(line[..tab], _buffer);
            _buffer.Append((byte)'\t');
        }

        EventText.Bare(line, _buffer);
    }

    void Flush()
    {
        if (_buffer.Length > 0)
        {
            output.Write(_buffer.Written);
            output.Flush();
            _buffer.Clear();
        }
    }
}
