import { reply, said } from "../../wire/reply-fields.ts";

export const Transcription = reply("AudioTranscription", "What was heard.", {
  text: said("The transcript."),
});
