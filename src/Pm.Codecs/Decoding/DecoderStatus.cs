namespace Pm.Codecs.Decoding;

/// <summary>Where a decoder stands after a step.</summary>
enum DecoderStatus
{
    /// <summary>Inside a stream: its end is still to come.</summary>
    Inside,

    /// <summary>Right after a whole stream whose checksum held. More input begins the next one.</summary>
    Ended,

    /// <summary>The input breaks the format or its checksum.</summary>
    Corrupt,

    /// <summary>The input demands more memory than pm grants.</summary>
    TooDemanding,
}
