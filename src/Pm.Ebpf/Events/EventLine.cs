namespace Pm.Ebpf.Events;

/// <summary>Knows how wide the line is that is being written.</summary>
/// <param name="into">Where it is written, from here on.</param>
ref struct EventLine(EventBuffer into)
{
    int _measured = into.Length;
    int _width;

    /// <summary>Goes on at a column; one blank further where that is written over already.</summary>
    public void MoveTo(int column)
    {
        if (column == 0)
        {
            return;
        }

        // Characters, not bytes: those that continue one do not count.
        foreach (var b in into.Written[_measured..])
        {
            _width += (b & 0xc0) == 0x80 ? 0 : 1;
        }

        var blanks = Math.Max(1, column - _width);
        into.Fill((byte)' ', blanks);
        (_measured, _width) = (into.Length, _width + blanks);
    }
}
