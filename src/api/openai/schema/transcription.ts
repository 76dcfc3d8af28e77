import { reply, replyText } from "../../wire/reply-fields.ts";

export const Transcription = reply("AudioTranscription", "What was heard.", {
  text: replyText("The transcript."),
});
